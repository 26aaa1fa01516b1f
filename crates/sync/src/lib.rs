//! Pull, plan, apply, report; and when to do it.
