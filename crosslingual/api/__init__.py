"""The Python interface: open a library, add to it, ask it. The command line and the app ask it too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from crosslingual.api.opened import OneOrMany, ProgressCallback, list_values
from crosslingual.api.searchable import SearchableLibrary
from crosslingual.errors import InputError
from crosslingual.settings import Settings
from crosslingual.types import (
    Article,
    Bead,
    Duplicate,
    Event,
    Sentence,
    Source,
    Statement,
)

if TYPE_CHECKING:
    from crosslingual.api.answers import (
        CitationsAnswer,
        Comparison,
        FiguresAnswer,
        TimelineAnswer,
        WrittenReport,
    )
    from crosslingual.api.checking import LibraryCheck
    from crosslingual.api.coding import LibraryCoding
    from crosslingual.api.corpus import CorpusCounts
    from crosslingual.api.versions import LibraryVersions
    from crosslingual.api.watching import LibraryWatch
    from crosslingual.entities.overview import EntityOverview
    from crosslingual.entities.values import Entity
    from crosslingual.framing.naming import NamedReferent
    from crosslingual.framing.pipeline import Framing
    from crosslingual.ingest.summary import AddSummary
    from crosslingual.ingest.translation import TranslationOutcome
    from crosslingual.library.originals import Original
    from crosslingual.library.sentence_index import ArticleEntry


def open(  # noqa: A001  # crosslingual.open is how a library's user says it
    path: str | Path | None = None,
    *,
    encoder: str | None = None,
    target_lang: str | None = None,
    translators: OneOrMany | None = None,
    create: bool = True,
    progress: ProgressCallback | None = None,
) -> Library:
    """Open the library at ``path``; it is made where there is none.

    What is not given is taken from the environment, from ``settings.toml``, or is the default.

    Args:
        path: the library's folder, where ``~`` is your home, or ``postgresql://…`` of a shared one.
        encoder: name or path of the encoder.
        target_lang: ISO 639-1 code of the language that translations are in.
        translators: names or paths of translators, the preferred first.
        create: False if a library that is not there is an error.
        progress: called with the step and how far it is, as ``("encoding", 120, 800)``.

    Raises:
        InputError: ``settings.toml`` is damaged.
        LibraryError: the library cannot be opened, or there is none and ``create`` is False.
    """
    settings = Settings.load(
        library=path,
        encoder=encoder,
        target_lang=target_lang,
        translators=",".join(list_values(translators)) if translators is not None else None,
    )
    return Library(settings, create=create, progress=progress)


def restore(backup: str | Path, path: str | Path | None = None) -> Path | None:
    """Make the library at ``path`` what ``backup`` holds; it need not be there, and may be damaged.

    Args:
        backup: a file that :meth:`Library.backup` wrote, a folder with some, of which the latest is taken, or
            the folder of a library.
        path: the library's folder, by default the one in your data folder, or ``postgresql://…`` of a shared one.

    Returns:
        The file with what was in the library before; None where there was none.

    Raises:
        InputError: ``backup`` is not there, or is no library.
        LibraryError: it is damaged, or made by a newer crosslingual; the folder cannot be written.
    """
    from crosslingual.library.transfer import restore_library

    return restore_library(Path(backup).expanduser(), Settings.load(library=path).library)


class Library(SearchableLibrary):
    """An open library: its articles, events, comparisons, searches and reports.

    Close it when you are done, or use it in a ``with`` statement. What an answer needs is loaded when it is
    first needed and kept: the space of the encoder, the search index, the encoder itself. Sentences that
    have no vectors of the encoder get them before the answer.
    """

    def backup(self, path: str | Path) -> Path:
        """Write all of the library to one file, while others read and write it; :func:`restore` takes it back.

        Args:
            path: the file, or a folder, in which it is named by the time.

        Returns:
            The file.

        Raises:
            InputError: something else is there, or it cannot be written.
            LibraryError: the library is damaged, or the disk is full.
        """
        from crosslingual.library.transfer import back_up_library

        return back_up_library(self.settings.library, Path(path).expanduser())

    @property
    def check(self) -> LibraryCheck:
        """Its comparisons checked by a person: questions, answers, measures, calibration."""
        from crosslingual.api.checking import LibraryCheck

        return LibraryCheck(self, self._report_progress)

    @property
    def coding(self) -> LibraryCoding:
        """Its passages coded by people: codebook, queues, agreement, decisions, exchange."""
        from crosslingual.api.coding import LibraryCoding

        return LibraryCoding(self)

    @property
    def versions(self) -> LibraryVersions:
        """Articles that changed at their address: their versions, and what changed."""
        from crosslingual.api.versions import LibraryVersions

        return LibraryVersions(self)

    @property
    def watch(self) -> LibraryWatch:
        """Feeds and folders that are followed: what they are, when they are polled, what came."""
        from crosslingual.api.watching import LibraryWatch

        return LibraryWatch(self)

    # What is in it.

    def articles(self, event: Event | str | None = None) -> list[Article]:
        """All articles in the order they came in, or those of ``event``.

        Raises:
            NotFoundError: there is no such event.
        """
        return self.store.load_articles(None if event is None else self.event(event).articles)

    def sentences(self, article: Article | str) -> tuple[Sentence, ...]:
        """The sentences of an article, or of the one with this id, in their order.

        Raises:
            NotFoundError: there is no such article.
        """
        (stored,) = self.store.load_articles([article if isinstance(article, str) else article.id])
        return self.store.load_sentences([stored.id])[stored.id]

    def sources(self) -> list[Source]:
        """The outlets whose articles are in the library."""
        return self.store.sources_with_articles()

    def originals(self, *articles: Article | str) -> list[Original]:
        """The pages and files that these articles were read from, by default all.

        ``store.read_originals`` has their bytes.

        Raises:
            NotFoundError: the library lacks one of the articles.
        """
        ids = [one if isinstance(one, str) else one.id for one in articles]
        self.store.check_articles(ids)
        return self.store.list_originals(ids or None)

    # Putting in.

    def add(
        self,
        *paths: str | Path,
        source: str | None = None,
        lang: str | None = None,
        columns: Mapping[str, str] | None = None,
    ) -> AddSummary:
        """Add the articles and translations in files, folders and archives; nothing is fetched from the web.

        What the library has is left as it is. A record that cannot be read is one of the summary's
        ``problems``, and the rest goes in.

        Args:
            paths: files and folders, in any format that ``crosslingual add`` reads.
            source: the outlet of records that name none.
            lang: ISO 639-1 code of records that name none; else it is detected.
            columns: the column or key that holds a field, as in ``{"text": "body"}``; else it is guessed.

        Raises:
            InputError: a path is an address, or ``lang`` or ``columns`` name nothing known.
            LibraryError: the library cannot be written.
            ModelError: the encoder is not installed, or cannot be loaded.
        """
        from crosslingual.ingest.pipeline import add_files
        from crosslingual.readers import File
        from crosslingual.readers.columns import parse_column_pairs

        for path in paths:
            if str(path).startswith(("http://", "https://")):
                raise InputError(f"{path}: an address; pages are fetched with: crosslingual add {path}")
        pairs = parse_column_pairs(f"{field}={name}" for field, name in (columns or {}).items())
        summary = add_files(
            [File(Path(path).expanduser(), columns=pairs) for path in paths],
            self.store,
            lambda: self.article_encoder,
            source=source,
            lang=lang,
            max_original_bytes=self.settings.max_original_bytes,
            progress=lambda now: self._report_progress("adding", now.bytes_done, now.total_bytes),
        )
        if summary.n_added:
            self.update_derived()
        return summary

    def update_derived(self) -> None:
        """Find the events of what is new, bring the search index up to date and compress what has grown.

        What cannot be done now is done another time.
        """
        from contextlib import suppress

        from crosslingual.errors import CrosslingualError

        with suppress(CrosslingualError, OSError):
            self.group_articles()
        with suppress(CrosslingualError, OSError):
            self._update_index()
            self.index.compact()

    def translate(
        self, articles: Iterable[Article | str] | None = None, *, only_fast: bool = False
    ) -> TranslationOutcome:
        """Translate what is not in the target language, by the translators that are installed.

        What a person translated, or the same version of the translator before, is left as it is.

        Args:
            articles: these or those with these ids; by default all of the library.
            only_fast: leave what only a translator does that takes its time.

        Raises:
            NotFoundError: the library lacks one of the articles.
            ModelError: a translator or the encoder cannot be loaded.
            LibraryError: the library cannot be written.
        """
        from crosslingual.ingest.translation import MeaningChecker, plan_translations, translate_plans
        from crosslingual.model_store.translators import load_engines

        ids = None if articles is None else [one if isinstance(one, str) else one.id for one in articles]
        settings = self.settings
        engines = load_engines(settings.engine_names, settings.home)
        plans = plan_translations(self.store, engines, settings.target_lang, ids)
        return translate_plans(
            self.store,
            [plan for plan in plans if not (only_fast and plan.engine and not plan.engine.is_fast)],
            settings.target_lang,
            lambda: MeaningChecker(self.encoder, self.space),
            partial(self._report_progress, "translating"),
        )

    # Asking.

    def compare(
        self, event: Event | str, *, threshold: float | None = None, duplicates_once: bool = False
    ) -> Comparison:
        """How the sources of ``event`` tell it: a row for each statement, a column for each source.

        Args:
            event: one of :meth:`events`, its id, or the id of one of its articles.
            threshold: how likely, from 0 to 1, the sentences of a statement must say the same.
            duplicates_once: whether articles that are one text count as one voice.

        Raises:
            NotFoundError: there is no such event.
            InputError: ``threshold`` is no probability.
        """
        from crosslingual.api.answers import Comparison, field_values
        from crosslingual.compare.comparison import compare_event
        from crosslingual.compare.statements import DEFAULT_THRESHOLD

        if threshold is not None and not 0 <= threshold <= 1:
            raise InputError(f"threshold {threshold}: give a probability from 0 to 1")
        found = self.event(event)
        duplicates = self.duplicates() if duplicates_once else ()
        compared = self.retry_with_vectors(
            lambda: compare_event(
                self.store,
                self.space,
                found,
                target_lang=self.settings.target_lang,
                engines=self.settings.engine_priority,
                threshold=DEFAULT_THRESHOLD if threshold is None else threshold,
                duplicates=duplicates,
            ),
            found.articles,
        )
        return Comparison(**field_values(compared))

    def timeline(self, event: Event | str, *, threshold: float | None = None) -> TimelineAnswer:
        """The statements of ``event`` in time: who was first, who followed and after how long.

        Args:
            event: as for :meth:`compare`.
            threshold: as for :meth:`compare`.

        Raises:
            NotFoundError: there is no such event.
            InputError: ``threshold`` is no probability.
        """
        from crosslingual.api.answers import TimelineAnswer, field_values
        from crosslingual.timeline.statement_times import build_timeline

        return TimelineAnswer(**field_values(build_timeline(self.compare(event, threshold=threshold))))

    def figures(self, event: Event | str, *, threshold: float | None = None) -> FiguresAnswer:
        """Every number, amount and date of ``event``: the same of several sources together, and how it changed.

        Args:
            event: as for :meth:`compare`.
            threshold: as for :meth:`compare`.

        Raises:
            NotFoundError: there is no such event.
            InputError: ``threshold`` is no probability.
        """
        from crosslingual.api.answers import FiguresAnswer, field_values
        from crosslingual.timeline.figure_ledger import build_ledger

        return FiguresAnswer(**field_values(build_ledger(self.compare(event, threshold=threshold))))

    def framing(self, comparison: Comparison) -> Framing:
        """How the sources of ``comparison`` frame it: omissions, quotations, words, axes.

        Raises:
            ModelError: the encoder is not installed, or cannot be loaded.
        """
        from crosslingual.framing.pipeline import cached_framing

        return cached_framing(
            self.store,
            self.space,
            comparison,
            self.settings,
            progress=partial(self._report_progress, "reading"),
        )

    def naming(self, event: Event | str) -> tuple[NamedReferent, ...]:
        """How the sources of ``event`` call what others call otherwise, in the reader's language.

        Raises:
            NotFoundError: there is no such event.
            ModelError: the encoder is not installed, or cannot be loaded.
        """
        return self.framing(self.compare(event)).naming

    def report(
        self,
        event: Event | str,
        path: str | Path,
        *,
        threshold: float | None = None,
        dictionary: str | Path | None = None,
        axes: str | Path | None = None,
        originals: bool = False,
    ) -> WrittenReport:
        """Write the report of ``event`` into the folder ``path``, or as one file for reading elsewhere.

        A report that is there is replaced. A ``path`` that ends in ``.pdf`` is the page on paper, ``.docx`` the
        page in Word, ``.xlsx`` the tables in Excel.

        Args:
            event: as for :meth:`compare`.
            path: the folder, or the file.
            threshold: as for :meth:`compare`.
            dictionary: a CSV file with an own dictionary, whose counts go in as the table ``dictionary``.
            axes: a TOML file with own axes; the sources' positions go in as the table ``own_axes``, how well each
                axis tells its poles apart as ``own_axes_poles``.
            originals: whether the pages and files that its articles were read from go in.

        Raises:
            NotFoundError: there is no such event.
            InputError: the folder holds something else, ``path`` cannot be written, is a file with ``originals``, or no
                browser is there to print a PDF.
            MissingExtraError: the extra ``documents`` is not installed.
        """
        from crosslingual.api.answers import WrittenReport
        from crosslingual.api.reporting import build_report, write_document
        from crosslingual.report.build import PAGE_NAME
        from crosslingual.report.documents import DOCUMENT_SUFFIXES
        from crosslingual.report.folder import write_folder

        folder = Path(path).expanduser()
        is_document = folder.suffix.lower() in DOCUMENT_SUFFIXES
        if originals and is_document:
            raise InputError(
                f"{folder}: originals go into a report's folder; name one, without {folder.suffix}"
            )
        parts = build_report(self, event, threshold, dictionary, axes, originals=originals)
        if is_document:
            write_document(parts, folder)
            return WrittenReport(parts.event, folder, ())
        left = write_folder(folder, parts.files, parts.metadata)
        return WrittenReport(parts.event, folder / PAGE_NAME, tuple(folder / name for name in left))

    def zip_report(self, event: Event | str, *, threshold: float | None = None) -> bytes:
        """What :meth:`report` writes as one ZIP file; the same library gives the same bytes.

        Args:
            event: as for :meth:`compare`.
            threshold: as for :meth:`compare`.

        Raises:
            NotFoundError: there is no such event.
        """
        from crosslingual.api.reporting import build_report
        from crosslingual.report.folder import zip_report

        parts = build_report(self, event, threshold)
        return zip_report(parts.files, parts.metadata, parts.event.id)

    def align(self, article: Article | str, other: Article | str) -> list[Bead]:
        """Two articles aligned in their order, as translations of one text, whatever they look like.

        Raises:
            NotFoundError: the library lacks one of them.
        """
        from crosslingual.compare.comparison import align_articles

        left, right = (item if isinstance(item, str) else item.id for item in (article, other))
        return self.retry_with_vectors(
            lambda: align_articles(self.store, self.space, left, right), (left, right)
        )

    def duplicates(self) -> list[Duplicate]:
        """Pairs of articles that are one text: reprints, updates, translated wire copy."""
        from crosslingual.events.duplicates import find_duplicates

        report_step = partial(self._report_progress, "looking for copies")
        return self.retry_with_vectors(lambda: find_duplicates(self.store, self.space, report_step))

    def citations(self, event: Event | str | None = None) -> CitationsAnswer:
        """Which outlets cite which, in the articles of ``event`` or all of the library, and which copy which.

        Of an event, also the statements that are cited, and who was first with each.

        Raises:
            NotFoundError: there is no such event.
            ModelError: the encoder is not installed, or cannot be loaded.
        """
        if event is not None:
            return self.event_citations(self.compare(event))
        return self._read_citations(self.store.lookup.article_entries(), ())

    def event_citations(self, comparison: Comparison) -> CitationsAnswer:
        """As :meth:`citations` of an event that is compared already."""
        ids = (article.id for article in comparison.articles)
        return self._read_citations(self.store.lookup.article_entries(ids), comparison.statements)

    def _read_citations(
        self, entries: Sequence[ArticleEntry], statements: Sequence[Statement]
    ) -> CitationsAnswer:
        from crosslingual.api.answers import CitationsAnswer, field_values
        from crosslingual.citations.reading import read_citation_graph

        graph = read_citation_graph(
            self.store,
            entries,
            self.duplicates(),
            statements,
            partial(self._report_progress, "looking for citations"),
        )
        return CitationsAnswer(**field_values(graph))

    def entities(self, event: Event | str | None = None) -> list[Entity]:
        """The persons, places and organisations that the articles name, those that most sources name first.

        Names of another encoder than the default are those of the shipped list only.

        Args:
            event: only its articles; by default all of the library.

        Raises:
            NotFoundError: there is no such event.
            ModelError: the encoder is not installed, or cannot be loaded.
        """
        from crosslingual.entities.linking import link_names
        from crosslingual.entities.reading import read_article_names

        ids = self.store.article_ids() if event is None else self.event(event).articles
        return link_names(
            read_article_names(
                self.store,
                self.space.model,
                lambda: self.encoder,
                ids,
                partial(self._report_progress, "finding names"),
            )
        )

    def entity(self, name: str, event: Event | str | None = None) -> EntityOverview:
        """Where an entity is named, by whom, with which words beside it, and who does not name it.

        Args:
            name: its key or its name, in any script.
            event: only its articles; by default all of the library.

        Raises:
            NotFoundError: no article names it, or several that are named could be meant; no such event.
            ModelError: the encoder is not installed, or cannot be loaded.
        """
        from crosslingual.entities.overview import choose_entity, load_overview

        found = None if event is None else self.event(event)
        entity = choose_entity(name, self.entities(found))
        ids = self.store.article_ids() if found is None else found.articles
        return load_overview(self.store, entity, self.store.article_sources(ids))

    @property
    def corpus(self) -> CorpusCounts:
        """Counts over the articles: ``concordance``, ``collocations``, ``keyness``, ``ngrams``."""
        from crosslingual.api.corpus import CorpusCounts

        return CorpusCounts(self, self._report_progress)
