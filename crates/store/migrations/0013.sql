-- An entry may go on: its size with it.
CREATE TRIGGER journal_changed AFTER UPDATE OF title, before, after ON journal BEGIN
    UPDATE journal_size SET bytes = bytes
        + octet_length(new.title) + coalesce(octet_length(new.before), 0) + coalesce(octet_length(new.after), 0)
        - octet_length(old.title) - coalesce(octet_length(old.before), 0) - coalesce(octet_length(old.after), 0);
END;
