"""The Entities page: who, where and which organisation is named, by whom and by whom not."""
