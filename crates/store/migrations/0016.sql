-- A list that comes to a calendar may have events there that the feed does not show: the next sync lists the calendar.
CREATE TRIGGER list_comes_to_calendar AFTER INSERT ON lists WHEN NEW.calendar_id IS NOT NULL BEGIN
    UPDATE calendars SET listed_at = NULL WHERE account = NEW.account AND calendar = NEW.calendar_id;
END;
CREATE TRIGGER list_moves_to_calendar AFTER UPDATE OF account, calendar_id ON lists
    WHEN NEW.calendar_id IS NOT NULL AND (NEW.calendar_id IS NOT OLD.calendar_id OR NEW.account IS NOT OLD.account) BEGIN
    UPDATE calendars SET listed_at = NULL WHERE account = NEW.account AND calendar = NEW.calendar_id;
END;
