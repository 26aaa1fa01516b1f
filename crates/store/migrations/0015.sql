-- Events of a newer Belfry, of which there are seldom any: counting them costs a quiet sync nothing.
CREATE INDEX events_of_newer ON events (account, list) WHERE substr(marker, 1, 2) <> '1;';
-- Dates of a reminder whose own event a person removed or made theirs.
CREATE INDEX links_of_dates_off ON links (account, list, reminder, slot) WHERE state IN ('dismissed', 'detached') AND slot <> 'main';
