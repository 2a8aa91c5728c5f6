"""A report as one file to read elsewhere: PDF, Word, Excel. Each is made of the report's files, none knows more."""

from __future__ import annotations

from collections.abc import Mapping

DOCUMENT_SUFFIXES = (".pdf", ".docx", ".xlsx")
"""By which one is asked for: the page on paper, the page in Word, the tables in Excel."""


def make_document(suffix: str, files: Mapping[str, bytes]) -> bytes:
    """The report that consists of ``files``, as the kind of file that ``suffix`` tells.

    Raises:
        InputError: no browser is there to print the page, or it failed.
        MissingExtraError: the extra ``documents`` is not installed.
    """
    if suffix == ".pdf":
        from crosslingual.report.documents.printed_page import print_page

        return print_page(files)
    if suffix == ".docx":
        from crosslingual.report.documents.word import make_word_document

        return make_word_document(files)
    from crosslingual.report.documents.workbook import make_workbook

    return make_workbook(files)
