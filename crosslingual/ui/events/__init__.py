"""The Events page: all events of a library, what of them is new, and corrections by hand."""
