"""What is asked of the library over HTTP. Importing this needs the extra ``serve``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import PurePath
from typing import Annotated, Any, Literal

from pydantic import Field
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from crosslingual import __version__
from crosslingual.errors import InputError
from crosslingual.extras import needs_extra
from crosslingual.report.framing import framing_object
from crosslingual.report.listing import select_hits
from crosslingual.report.search import search_object
from crosslingual.report.to_json import article_object, comparison_object, event_object, source_object
from crosslingual.serve.answers import Answer
from crosslingual.serve.paging import MAX_OFFSET, MAX_PAGE_ITEMS, link_header, make_page, next_page
from crosslingual.serve.schemas import reference
from crosslingual.serve.service import LibraryService, json_bytes
from crosslingual.types import Article, Ownership

with needs_extra("serve"):
    from fastapi import APIRouter, Path, Query

ROUTER = APIRouter(prefix="/v1")
MAX_JUDGED_SENTENCES = 1_000
"""Sentences that a search judges at most."""
MAX_WORD_CHARS, MAX_QUERY_CHARS = 200, 2_000
_PRINTABLE = r"^[^\x00-\x1f\x7f]*$"
_DAY = r"^(\d{4}-\d{2}-\d{2})?$"


def answers_with(name: str, *statuses: int) -> dict[int | str, dict[str, Any]]:
    """What OpenAPI says of an answer that is the component ``name``, and of problems with these ``statuses``."""
    json_content = {"application/json": {"schema": reference(name)}}
    about: dict[str, Any] = {"description": "As asked.", "content": json_content, "headers": _ETAG_HEADER}
    return {200: about, 304: {"description": "As the ETag says that you have it."}, **problems(*statuses)}


_ETAG_HEADER = {"ETag": {"description": "Changes with the library.", "schema": {"type": "string"}}}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What OpenAPI says of problems."""
    content = {"application/problem+json": {"schema": reference("Problem")}}
    return {
        status: {"description": "A problem (RFC 9457).", "content": content}
        for status in (422, 503, *statuses)
    }


Offset = Annotated[int, Query(ge=0, le=MAX_OFFSET, description="How many to leave out.")]
Limit = Annotated[int, Query(ge=1, le=MAX_PAGE_ITEMS, description="How many at most.")]
Word = Annotated[str, Query(max_length=MAX_WORD_CHARS, pattern=_PRINTABLE)]
Words = Annotated[tuple[Annotated[str, Field(max_length=MAX_WORD_CHARS, pattern=_PRINTABLE)], ...], Query()]
Day = Annotated[str, Query(pattern=_DAY, description="ISO 8601, as 2024-05-16.")]
Id = Annotated[str, Path(max_length=MAX_WORD_CHARS, pattern=_PRINTABLE)]
Threshold = Annotated[
    float | None, Query(ge=0, le=1, description="How likely sentences of a statement must say the same.")
]


def get_service(request: Request) -> LibraryService:
    """The service of the application that was asked."""
    service: LibraryService = request.app.state.service
    return service


@ROUTER.get("", responses=answers_with("LibraryInfo"))
async def show_library(request: Request) -> Response:
    """What the library is."""
    service = get_service(request)
    library = service.library

    def make() -> Mapping[str, Any]:
        return {
            "name": PurePath(library.store.name).name,
            "revision": library.store.revision,
            "articles": len(library.store.article_ids()),
            "sources": len(library.sources()),
            "encoder": service.settings.encoder,
            "target_lang": service.settings.target_lang,
            "version": __version__,
        }

    return await service.answer(request, make, needs_models=False)


@ROUTER.get("/sources", responses=answers_with("SourcePage"))
async def list_sources(request: Request, offset: Offset = 0, limit: Limit = 100) -> Response:
    """The outlets."""
    service = get_service(request)
    library = service.library

    def make() -> Answer:
        counts = library.store.article_counts()
        return make_page(
            library.sources(),
            offset,
            limit,
            request.url,
            lambda some: [source_object(one, counts.get(one.id, 0)) for one in some],
        )

    return await service.answer(request, make, needs_models=False)


@ROUTER.get("/articles", responses=answers_with("ArticlePage"))
async def list_articles(
    request: Request,
    source: Words = (),
    lang: Words = (),
    offset: Offset = 0,
    limit: Limit = 100,
) -> Response:
    """The articles, without texts."""
    service = get_service(request)
    library = service.library

    def make() -> Answer:
        ids = [
            entry.article
            for entry in library.store.lookup.article_entries()
            if (not source or entry.source in source) and (not lang or entry.lang in lang)
        ]
        return make_page(
            ids,
            offset,
            limit,
            request.url,
            lambda some: [*map(article_object, library.store.load_articles(some))],
        )

    return await service.answer(request, make, needs_models=False)


@ROUTER.get(
    "/articles/{article}",
    responses=answers_with("ArticleText", 404),
)
async def show_article(request: Request, article: Id) -> Response:
    """An article and its text."""
    service = get_service(request)
    library = service.library

    def make() -> Mapping[str, Any]:
        (found,) = library.store.load_articles([article])
        return text_object(service, found)

    return await service.answer(request, make, needs_models=False)


@ROUTER.get("/events", responses=answers_with("EventPage", 404))
async def list_events(
    request: Request,
    title: Word = "",
    entity: Word = "",
    lang: Words = (),
    source: Words = (),
    since: Day = "",
    until: Day = "",
    order: Literal["date", "added", "sources", "articles", "languages"] = "date",
    offset: Offset = 0,
    limit: Limit = 100,
) -> Response:
    """The events."""
    service = get_service(request)
    library = service.library

    def make() -> Answer:
        found = library.events(
            title=title, entity=entity, lang=lang, source=source, since=since, until=until, order=order
        )
        return make_page(found, offset, limit, request.url, lambda some: [*map(event_object, some)])

    return await service.answer(request, make)


@ROUTER.get("/events/{event}", responses=answers_with("Comparison.event", 404))
async def show_event(request: Request, event: Id) -> Response:
    """An event."""
    service = get_service(request)
    library = service.library

    return await service.answer(request, lambda: event_object(library.event(event)))


@ROUTER.get(
    "/events/{event}/comparison",
    responses=answers_with("Comparison", 404),
)
async def compare_event(
    request: Request,
    event: Id,
    threshold: Threshold = None,
    duplicates_once: bool = False,  # noqa: FBT001, FBT002
) -> Response:
    """How the sources of an event tell it."""
    service = get_service(request)
    library = service.library

    def make() -> Mapping[str, Any]:
        return comparison_object(library.compare(event, threshold=threshold, duplicates_once=duplicates_once))

    return await service.answer(request, make)


@ROUTER.get("/events/{event}/framing", responses=answers_with("Framing", 404))
async def frame_event(request: Request, event: Id, threshold: Threshold = None) -> Response:
    """How they frame it."""
    service = get_service(request)
    library = service.library

    def make() -> Mapping[str, Any]:
        comparison = library.compare(event, threshold=threshold)
        return framing_object(library.framing(comparison), comparison.event.id)

    return await service.answer(request, make)


_ZIP_CONTENT: dict[str, Any] = {"application/zip": {"schema": {"type": "string", "format": "binary"}}}


@ROUTER.get(
    "/events/{event}/report",
    responses=answers_with("Comparison", 404)
    | {200: {"description": "A ZIP file.", "content": _ZIP_CONTENT}},
    response_class=Response,
)
async def report_event(request: Request, event: Id, threshold: Threshold = None) -> Response:
    """The report, with its evidence as data."""
    service = get_service(request)
    library = service.library

    def read_basis() -> str:
        """What stands in a report and does not move the revision on: answers in a check, and codings."""
        return repr((library.store.load_check_samples(), library.store.coding_digest()))

    return await service.answer(
        request,
        lambda: library.zip_report(event, threshold=threshold),
        basis=await run_in_threadpool(read_basis),
        media_type="application/zip",
        headers={"Content-Disposition": 'attachment; filename="report.zip"'},
    )


@ROUTER.get("/search", responses=answers_with("Search", 404))
async def search(
    request: Request,
    q: Annotated[str, Query(max_length=MAX_QUERY_CHARS, description="A sentence or a few words.")] = "",
    like: Annotated[
        str, Query(pattern=r"^([^:\x00]{1,200}:\d{1,9})?$", description="Instead: ARTICLE:SENTENCE.")
    ] = "",
    lang: Words = (),
    source: Words = (),
    country: Words = (),
    ownership: Annotated[tuple[Ownership, ...], Query()] = (),
    since: Day = "",
    until: Day = "",
    event: Word = "",
    threshold: Annotated[float | None, Query(ge=0, le=1, description="Least probability.")] = None,
    offset: Offset = 0,
    limit: Limit = 20,
) -> Response:
    """Who said that, and when."""
    service = get_service(request)
    library = service.library

    if bool(q) == bool(like):
        raise InputError("give q, or like=ARTICLE:SENTENCE, and not both")

    def make() -> Answer:
        article, _, index = like.rpartition(":")
        results = library.search(
            q or None,
            like=(article, int(index)) if like else None,
            lang=lang,
            source=source,
            country=country,
            ownership=ownership,
            since=since,
            until=until,
            event=event or None,
            limit=MAX_JUDGED_SENTENCES,
        )
        listing = select_hits(results, threshold)
        hits = () if listing.is_nearest_only else listing.hits
        some = replace(results, hits=hits[offset : offset + limit])
        following = next_page(request.url, offset, limit, len(hits))
        warning = library.index.warning
        told = search_object(some, results.sources, results.encoder, warning)
        return Answer(json_bytes(told), link_header(following), is_whole=not warning)

    return await service.answer(request, make)


def text_object(service: LibraryService, article: Article) -> dict[str, Any]:
    """``article`` with its text, its sentences and what is known of their translations, as JSON-ready values."""
    store, settings = service.library.store, service.settings
    sentences = store.load_sentences([article.id])[article.id]
    texts = [(sentence.text, sentence.lang or article.lang) for sentence in sentences]
    known = store.memory.find_best_of_all(texts, settings.target_lang, settings.engine_priority)
    return article_object(article) | {
        "text": article.text,
        "sentences": [
            {
                "sentence": sentence.index,
                "start": sentence.start,
                "end": sentence.end,
                "text": sentence.text,
                "lang": text_and_lang[1],
                "translation": asdict(known[text_and_lang]) if text_and_lang in known else None,
            }
            for sentence, text_and_lang in zip(sentences, texts, strict=True)
        ],
    }
