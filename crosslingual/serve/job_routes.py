"""What is done to the library over HTTP. Importing this needs the extra ``serve``."""

from __future__ import annotations

from pathlib import Path as FilePath
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response

from crosslingual.errors import InputError, UnwritableLibraryError
from crosslingual.extras import needs_extra
from crosslingual.language.codes import language_code
from crosslingual.readers import File
from crosslingual.serve.job_list import ListedJob, job_object, job_summary_object
from crosslingual.serve.job_work import MAX_LISTED_ARTICLES, AddRequest, start_adding, start_translating
from crosslingual.serve.paging import MAX_OFFSET, MAX_PAGE_ITEMS, make_page
from crosslingual.serve.read_routes import MAX_WORD_CHARS, get_service, problems
from crosslingual.serve.schemas import reference
from crosslingual.serve.service import JSON_TYPE, json_bytes
from crosslingual.serve.uploads import MAX_LINKS, TemporaryFolder, store_upload
from crosslingual.sources import web_link

with needs_extra("serve"):
    from fastapi import APIRouter, Body, Path, Query

ROUTER = APIRouter(prefix="/v1")
ADD_PATH = "/v1/articles"
MAX_UPLOAD_BYTES, MAX_BODY_BYTES = 2**30, 2**20
"""Of what is added at a time, as on the Add page; and of all else that is sent."""
MAX_FILES = 1_000
_ADD_FORM: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "files": {
            "type": "array",
            "maxItems": MAX_FILES,
            "items": {"type": "string", "format": "binary"},
            "description": "Files of any known format; the ends of their names tell it.",
        },
        "urls": {
            "type": "array",
            "maxItems": MAX_LINKS,
            "items": {"type": "string", "format": "uri"},
            "description": "Addresses of pages and feeds, public ones only.",
        },
        "source": {
            "type": "string",
            "maxLength": MAX_WORD_CHARS,
            "description": "Outlet of what names none.",
        },
        "lang": {"type": "string", "pattern": "^([a-z]{2})?$", "description": "Language of what names none."},
    },
}


class TranslateRequest(BaseModel):
    """What to translate: the articles of an event, or those with these ids; without either all."""

    model_config = ConfigDict(extra="forbid")

    event: str | None = Field(None, min_length=1, max_length=MAX_WORD_CHARS)
    articles: list[Annotated[str, Field(max_length=MAX_WORD_CHARS)]] | None = Field(
        None, min_length=1, max_length=MAX_LISTED_ARTICLES
    )


def max_body_bytes(path: str) -> int:
    """How long a body may be that is sent to ``path``."""
    return MAX_UPLOAD_BYTES if path == ADD_PATH else MAX_BODY_BYTES


Id = Annotated[str, Path(max_length=MAX_WORD_CHARS)]
_JOB_CONTENT = {JSON_TYPE: {"schema": reference("Job")}}
_JOB_ANSWER: dict[str, Any] = {"description": "The job.", "content": _JOB_CONTENT}
_LOCATION = {"Location": {"description": "Where the job is.", "schema": {"type": "string"}}}
_BEGUN: dict[int | str, dict[str, Any]] = {
    202: _JOB_ANSWER | {"description": "It has begun.", "headers": _LOCATION},
    **problems(409, 413),
}


@ROUTER.post(
    "/articles",
    status_code=202,
    responses=_BEGUN | problems(400, 507),
    openapi_extra={
        "requestBody": {"required": True, "content": {"multipart/form-data": {"schema": _ADD_FORM}}}
    },
)
async def add_articles(request: Request) -> Response:
    """Add articles from files and addresses."""
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise InputError("send a form as multipart/form-data, with files or urls")
    service = get_service(request)
    with service.jobs.receive_upload():
        try:
            async with request.form(max_files=MAX_FILES, max_fields=MAX_LINKS + 2) as form:
                asked = await run_in_threadpool(read_add_form, form)
        except OSError as error:
            raise UnwritableLibraryError(
                f"the files cannot be kept while they are read ({error.strerror}); free some space"
            ) from None
        return begin_response(start_adding(service, asked))


@ROUTER.post(
    "/translations",
    status_code=202,
    responses=_BEGUN | problems(400, 404),
)
async def translate(request: Request, asked: Annotated[TranslateRequest, Body()]) -> Response:
    """Translate what is not in the target language."""
    service = get_service(request)
    service.jobs.check_idle()

    def begin() -> ListedJob:
        ids = asked.articles
        if ids is not None:
            service.library.store.check_articles(ids)
        if asked.event is not None:
            ids = [*(ids or ()), *service.library.event(asked.event).articles]
        title = "Translating the library" if ids is None else f"Translating {len(ids):,} articles"
        return start_translating(service, ids, title)

    return begin_response(await service.run_in_turn(begin))


@ROUTER.get(
    "/jobs",
    responses={
        200: {"description": "The jobs.", "content": {JSON_TYPE: {"schema": reference("JobPage")}}},
        **problems(),
    },
)
async def list_jobs(
    request: Request,
    offset: Annotated[int, Query(ge=0, le=MAX_OFFSET)] = 0,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE_ITEMS)] = 100,
) -> Response:
    """What is at work, and what has ended and was not dismissed; the latest first, without results."""
    jobs = get_service(request).jobs.list_all()
    page = make_page(jobs, offset, limit, request.url, lambda some: [*map(job_summary_object, some)])
    return Response(page.body, headers=dict(page.headers), media_type=JSON_TYPE)


@ROUTER.get("/jobs/{job}", responses={200: _JOB_ANSWER, **problems(404)})
async def show_job(request: Request, job: Id) -> Response:
    """How far a job is."""
    return job_response(get_service(request).jobs.find(job))


@ROUTER.post(
    "/jobs/{job}/cancel",
    responses={200: _JOB_ANSWER, **problems(404)},
)
async def cancel_job(request: Request, job: Id) -> Response:
    """Stop a job; what is stored is kept."""
    found = get_service(request).jobs.find(job)
    found.job.stop()
    return job_response(found)


@ROUTER.delete(
    "/jobs/{job}",
    status_code=204,
    responses=problems(404, 409),
)
async def dismiss_job(request: Request, job: Id) -> Response:
    """Take a job that has ended off the list."""
    get_service(request).jobs.dismiss(job)
    return Response(status_code=204)


def read_add_form(form: FormData) -> AddRequest:
    """What a form asks to be added, its files put on disk.

    Raises:
        InputError: there is nothing in it, it has other fields, or an address is none.
        OSError: the disk is full.
    """
    if unknown := {*form.keys()} - {*_ADD_FORM["properties"]}:
        raise InputError(f"field {min(unknown)[:40]!r}: not known; send files, urls, source, lang")
    uploads = [value for value in form.getlist("files") if isinstance(value, UploadFile)]
    if len(uploads) != len(form.getlist("files")):
        raise InputError("files: send each as a file, with its name")
    if any(isinstance(value, UploadFile) for name, value in form.multi_items() if name != "files"):
        raise InputError("a file stands in another field; send it as files")
    written = [str(value) for value in form.getlist("urls")]
    links = [web_link(url) for url in written]
    if not all(links):
        wrong = written[links.index("")]
        raise InputError(f"urls: {wrong[:80]!r} is no address of the web; write it with https://")
    if len(links) > MAX_LINKS:
        raise InputError(f"{len(links):,} urls; give {MAX_LINKS} at most at a time")
    if not uploads and not links:
        raise InputError("nothing to add; send files or urls")
    lang, source = str(form.get("lang", "")), str(form.get("source", ""))
    if lang and not language_code(lang):
        raise InputError(f"lang {lang[:20]!r}: give an ISO 639-1 code such as zh, ru, en")
    if len(source) > MAX_WORD_CHARS:
        raise InputError(f"source: give {MAX_WORD_CHARS} characters at most")
    folder = TemporaryFolder()
    try:
        files = tuple(_store_file(upload, folder.path / str(number)) for number, upload in enumerate(uploads))
    except OSError:
        folder.remove()  # the error holds it, and room is what is wanted
        raise
    return AddRequest(files, tuple(dict.fromkeys(links)), source, lang, folder)


def _store_file(upload: UploadFile, path: FilePath) -> File:
    return store_upload(upload.filename or "", iter(lambda: upload.file.read(2**20), b""), path)


def begin_response(listed: ListedJob) -> Response:
    """The answer to who has begun a job."""
    where = {"Location": f"/v1/jobs/{listed.job.id}"}
    return Response(json_bytes(job_object(listed)), 202, where, JSON_TYPE)


def job_response(listed: ListedJob) -> Response:
    """A job as it is now."""
    return Response(
        json_bytes(job_object(listed)), headers={"Cache-Control": "no-store"}, media_type=JSON_TYPE
    )
