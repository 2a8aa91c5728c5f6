"""The Sources page: what is known of the outlets, and whose the library's articles are."""
