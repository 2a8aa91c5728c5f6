"""Pages and feeds that a person named: fetched politely, bounded, from public addresses only."""
