BEGIN TRANSACTION;
CREATE TABLE article_originals (
            article_number INTEGER NOT NULL, digest TEXT NOT NULL REFERENCES originals (digest),
            name TEXT NOT NULL, url TEXT NOT NULL, fetched_at TEXT NOT NULL, headers TEXT NOT NULL,
            PRIMARY KEY (article_number, digest));
CREATE TABLE article_profiles (
            model_number INTEGER NOT NULL REFERENCES models (number),
            article_number INTEGER NOT NULL REFERENCES articles (number) ON DELETE CASCADE,
            vector BLOB NOT NULL, names TEXT NOT NULL, PRIMARY KEY (model_number, article_number));
CREATE TABLE article_versions (
            number INTEGER PRIMARY KEY, newest_number INTEGER NOT NULL, id TEXT NOT NULL, lang TEXT NOT NULL,
            text TEXT NOT NULL, title TEXT NOT NULL, date TEXT NOT NULL, url TEXT NOT NULL, author TEXT NOT NULL,
            content_hash TEXT NOT NULL, spans TEXT NOT NULL, replaced_at TEXT NOT NULL);
CREATE TABLE articles (
            number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
            source_id TEXT NOT NULL REFERENCES sources (id), lang TEXT NOT NULL, text TEXT NOT NULL,
            title TEXT NOT NULL, date TEXT NOT NULL, url TEXT NOT NULL, author TEXT NOT NULL DEFAULT '', content_hash TEXT NOT NULL DEFAULT '');
INSERT INTO "articles" VALUES(1,'770cfd9433e4ec2c','north','en','The bridge opened. Nobody paid.','A bridge','2024-05-16','https://north.example/1','','b2f57d70bffe7a0aa3ef6ba58ff016a4');
INSERT INTO "articles" VALUES(2,'ae7bed845f513d81','north','en','The bridge has opened. It cost 3 million.','Bridge opens','2024-05-17','','','e16867be564acf84d8a77f39f954afcb');
INSERT INTO "articles" VALUES(3,'387c9c51291e4a16','east','ru','Мост открыт. Никто не платил.','Мост','2024-05-16','','А. Автор','10a168dab580c123acb3b8d4c99b7d8a');
CREATE TABLE changes (
            number INTEGER PRIMARY KEY,
            operation_number INTEGER NOT NULL REFERENCES "operations" (number) ON DELETE CASCADE,
            table_name TEXT NOT NULL, row_before TEXT, row_after TEXT);
INSERT INTO "changes" VALUES(1,1,'sources',NULL,'{"id": "north", "record": "{\"id\": \"north\", \"name\": \"North Daily\", \"native_name\": \"\", \"languages\": [], \"country\": \"NO\", \"ownership\": \"unknown\", \"kind\": \"\", \"owner\": \"\", \"domains\": [\"north.example\"], \"demo\": false, \"feeds\": [], \"aliases\": []}", "is_edited": 0}');
INSERT INTO "changes" VALUES(2,1,'sources',NULL,'{"id": "south", "record": "{\"id\": \"south\", \"name\": \"South Post\", \"native_name\": \"\", \"languages\": [], \"country\": \"\", \"ownership\": \"unknown\", \"kind\": \"\", \"owner\": \"\", \"domains\": [\"south.example\"], \"demo\": false, \"feeds\": [], \"aliases\": []}", "is_edited": 0}');
INSERT INTO "changes" VALUES(3,1,'sources',NULL,'{"id": "east", "record": "{\"id\": \"east\", \"name\": \"Восточная газета\", \"native_name\": \"\", \"languages\": [], \"country\": \"\", \"ownership\": \"unknown\", \"kind\": \"\", \"owner\": \"\", \"domains\": [], \"demo\": false, \"feeds\": [], \"aliases\": []}", "is_edited": 0}');
INSERT INTO "changes" VALUES(4,1,'articles',NULL,'{"number": 1}');
INSERT INTO "changes" VALUES(5,1,'articles',NULL,'{"number": 2}');
INSERT INTO "changes" VALUES(6,1,'articles',NULL,'{"number": 3}');
INSERT INTO "changes" VALUES(7,1,'translations',NULL,'{"number": 1, "text_hash": "c1dce508910d82cc4a59a92afbe60f3d", "src_text": "Мост открыт.", "tgt_text": "The bridge is open.", "issues": "[\"number\"]"}');
INSERT INTO "changes" VALUES(8,2,'articles',NULL,'{"number": 4}');
INSERT INTO "changes" VALUES(9,2,'articles',NULL,'{"number": 5}');
INSERT INTO "changes" VALUES(10,3,'sources','{"id": "east", "record": "{\"id\": \"east\", \"name\": \"Восточная газета\", \"native_name\": \"\", \"languages\": [], \"country\": \"\", \"ownership\": \"unknown\", \"kind\": \"\", \"owner\": \"\", \"domains\": [], \"demo\": false, \"feeds\": [], \"aliases\": []}", "is_edited": 0}','{"id": "east", "record": "{\"id\": \"east\", \"name\": \"Eastern Paper\", \"native_name\": \"\", \"languages\": [], \"country\": \"RU\", \"ownership\": \"unknown\", \"kind\": \"\", \"owner\": \"\", \"domains\": [], \"demo\": false, \"feeds\": [], \"aliases\": [\"Восточная газета\"]}", "is_edited": 1}');
INSERT INTO "changes" VALUES(11,4,'sources','{"id": "east", "record": "{\"id\": \"east\", \"name\": \"Eastern Paper\", \"native_name\": \"\", \"languages\": [], \"country\": \"RU\", \"ownership\": \"unknown\", \"kind\": \"\", \"owner\": \"\", \"domains\": [], \"demo\": false, \"feeds\": [], \"aliases\": [\"Восточная газета\"]}", "is_edited": 1}','{"id": "east", "record": "{\"id\": \"east\", \"name\": \"Восточная газета\", \"native_name\": \"\", \"languages\": [], \"country\": \"\", \"ownership\": \"unknown\", \"kind\": \"\", \"owner\": \"\", \"domains\": [], \"demo\": false, \"feeds\": [], \"aliases\": []}", "is_edited": 0}');
INSERT INTO "changes" VALUES(12,5,'articles','{"number": 5, "id": "fbd5d589253d716d", "source_id": "east", "lang": "ru", "text": "Паром отменён. Мост открыт.", "title": "", "date": "2024-05-19", "url": "", "author": "", "content_hash": "94b8ea0539a1660d32906f5e7bfbae62", "sentences": [[0, 0, 14, ""], [1, 15, 27, ""]]}',NULL);
INSERT INTO "changes" VALUES(13,6,'sources','{"id": "north", "record": "{\"id\": \"north\", \"name\": \"North Daily\", \"native_name\": \"\", \"languages\": [], \"country\": \"NO\", \"ownership\": \"unknown\", \"kind\": \"\", \"owner\": \"\", \"domains\": [\"north.example\"], \"demo\": false, \"feeds\": [], \"aliases\": []}", "is_edited": 0}','{"id": "north", "record": "{\"id\": \"north\", \"name\": \"North Daily\", \"native_name\": \"\", \"languages\": [], \"country\": \"NO\", \"ownership\": \"unknown\", \"kind\": \"\", \"owner\": \"\", \"domains\": [\"north.example\", \"south.example\"], \"demo\": false, \"feeds\": [], \"aliases\": [\"south\", \"South Post\"]}", "is_edited": 1}');
INSERT INTO "changes" VALUES(14,6,'articles','{"number": 2, "id": "e7b3334b50966310", "source_id": "south"}','{"number": 2, "id": "ae7bed845f513d81", "source_id": "north"}');
INSERT INTO "changes" VALUES(15,6,'corrected_sentences','{"correction_number": 1, "side": 1, "article_id": "e7b3334b50966310", "start": 0}','{"correction_number": 1, "side": 1, "article_id": "ae7bed845f513d81", "start": 0}');
INSERT INTO "changes" VALUES(16,6,'corrected_sentences','{"correction_number": 2, "side": 1, "article_id": "e7b3334b50966310", "start": 23}','{"correction_number": 2, "side": 1, "article_id": "ae7bed845f513d81", "start": 23}');
INSERT INTO "changes" VALUES(17,6,'articles','{"number": 4, "id": "231366cf57322e05", "source_id": "south", "lang": "en", "text": "The bridge opened.\n\nNobody paid.", "title": "", "date": "2024-05-18", "url": "", "author": "", "content_hash": "b2f57d70bffe7a0aa3ef6ba58ff016a4", "sentences": [[0, 0, 18, ""], [1, 20, 32, ""]]}',NULL);
INSERT INTO "changes" VALUES(18,6,'sources','{"id": "south", "record": "{\"id\": \"south\", \"name\": \"South Post\", \"native_name\": \"\", \"languages\": [], \"country\": \"\", \"ownership\": \"unknown\", \"kind\": \"\", \"owner\": \"\", \"domains\": [\"south.example\"], \"demo\": false, \"feeds\": [], \"aliases\": []}", "is_edited": 0}',NULL);
CREATE TABLE check_items (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            sample_number INTEGER NOT NULL REFERENCES check_samples (number) ON DELETE CASCADE,
            kind TEXT NOT NULL, stratum TEXT NOT NULL, probability REAL NOT NULL, langs TEXT NOT NULL,
            article_id TEXT NOT NULL, start INTEGER NOT NULL, source_id TEXT NOT NULL,
            other_article_id TEXT NOT NULL, other_start INTEGER NOT NULL,
            answer TEXT NOT NULL DEFAULT '', answered_at TEXT NOT NULL DEFAULT '',
            answer_order INTEGER NOT NULL DEFAULT 0);
CREATE TABLE check_samples (
            number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, created_at TEXT NOT NULL,
            event_id TEXT NOT NULL, seed INTEGER NOT NULL, scoring_key TEXT NOT NULL,
            calibration_id TEXT NOT NULL, n_events INTEGER NOT NULL, n_all_events INTEGER NOT NULL,
            stratum_sizes TEXT NOT NULL);
CREATE TABLE codes (
            number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
            definition TEXT NOT NULL, examples TEXT NOT NULL, color TEXT NOT NULL, parent_id TEXT NOT NULL,
            created_at TEXT NOT NULL);
CREATE TABLE coding_decisions (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            unit_number INTEGER NOT NULL REFERENCES coding_units (number) ON DELETE CASCADE,
            coder TEXT NOT NULL, code_ids TEXT NOT NULL, memo TEXT NOT NULL, created_at TEXT NOT NULL);
CREATE TABLE coding_offers (
            number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, created_at TEXT NOT NULL,
            description TEXT NOT NULL, seed INTEGER NOT NULL);
CREATE TABLE coding_passages (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            unit_number INTEGER NOT NULL REFERENCES coding_units (number) ON DELETE CASCADE,
            article_id TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL, text_hash TEXT NOT NULL);
CREATE TABLE coding_tasks (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            unit_number INTEGER NOT NULL REFERENCES coding_units (number) ON DELETE CASCADE,
            offer_number INTEGER NOT NULL REFERENCES coding_offers (number) ON DELETE CASCADE,
            coder TEXT NOT NULL, done_at TEXT NOT NULL DEFAULT '', done_order INTEGER NOT NULL DEFAULT 0,
            UNIQUE (unit_number, coder));
CREATE TABLE coding_units (
            number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL);
CREATE TABLE codings (
            number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
            unit_number INTEGER NOT NULL REFERENCES coding_units (number) ON DELETE CASCADE,
            coder TEXT NOT NULL, code_id TEXT NOT NULL, memo TEXT NOT NULL, created_at TEXT NOT NULL,
            article_id TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL);
CREATE TABLE "corrected_sentences" (
            correction_number INTEGER NOT NULL REFERENCES corrections (number) ON DELETE CASCADE,
            side INTEGER NOT NULL, article_id TEXT NOT NULL, start INTEGER NOT NULL,
            PRIMARY KEY (correction_number, side, article_id, start)) WITHOUT ROWID;
INSERT INTO "corrected_sentences" VALUES(1,1,'387c9c51291e4a16',0);
INSERT INTO "corrected_sentences" VALUES(1,0,'770cfd9433e4ec2c',0);
INSERT INTO "corrected_sentences" VALUES(2,0,'770cfd9433e4ec2c',19);
INSERT INTO "corrected_sentences" VALUES(1,1,'ae7bed845f513d81',0);
INSERT INTO "corrected_sentences" VALUES(2,1,'ae7bed845f513d81',23);
CREATE TABLE corrections (
            number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, created_at TEXT NOT NULL);
INSERT INTO "corrections" VALUES(1,'c1','together','2024-05-20T10:00:00+00:00');
INSERT INTO "corrections" VALUES(2,'c2','apart','2024-05-20T11:00:00+00:00');
CREATE TABLE event_articles (
            article_number INTEGER PRIMARY KEY, event_number INTEGER REFERENCES events (number),
            centrality REAL NOT NULL DEFAULT 0);
INSERT INTO "event_articles" VALUES(1,1,0.0);
INSERT INTO "event_articles" VALUES(2,NULL,0.0);
INSERT INTO "event_articles" VALUES(3,1,0.0);
INSERT INTO "event_articles" VALUES(4,NULL,0.0);
INSERT INTO "event_articles" VALUES(5,NULL,0.0);
CREATE TABLE event_corrections (
            number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
            event_number INTEGER NOT NULL REFERENCES events (number),
            other_number INTEGER NOT NULL REFERENCES events (number),
            article_numbers TEXT NOT NULL, title TEXT NOT NULL, created_at TEXT NOT NULL);
CREATE TABLE events (
            number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
            title TEXT NOT NULL DEFAULT '', merged_into INTEGER NOT NULL DEFAULT 0, story_number INTEGER NOT NULL DEFAULT 0);
INSERT INTO "events" VALUES(1,'2024-05-16-north','',0,-1);
CREATE TABLE models (
            number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, dimensions INTEGER NOT NULL);
INSERT INTO "models" VALUES(1,'sample encoder',4);
INSERT INTO "models" VALUES(2,'sample tokens',0);
CREATE TABLE "operations" (
            number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
            created_at TEXT NOT NULL, description TEXT NOT NULL, undoes_number INTEGER NOT NULL DEFAULT 0,
            is_undone INTEGER NOT NULL DEFAULT 0);
INSERT INTO "operations" VALUES(1,'76089e40','add','2026-12-01T01:08:02+00:00','first.jsonl',0,0);
INSERT INTO "operations" VALUES(2,'97c86d5e','add','2026-12-01T01:08:02+00:00','second.jsonl',0,0);
INSERT INTO "operations" VALUES(3,'bc40dc1d','edit','2026-12-01T01:08:02+00:00','source east edited',0,1);
INSERT INTO "operations" VALUES(4,'730c6e85','undo','2026-12-01T01:08:02+00:00','undo: source east edited',3,0);
INSERT INTO "operations" VALUES(5,'a3d3b555','remove','2026-12-01T01:08:03+00:00','1 article removed',0,0);
INSERT INTO "operations" VALUES(6,'d1b1b318','merge','2026-12-01T01:08:03+00:00','source south merged into north',0,0);
CREATE TABLE originals (digest TEXT PRIMARY KEY, size INTEGER NOT NULL, packed BLOB NOT NULL);
CREATE TABLE probability_calibrations (
            number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, created_at TEXT NOT NULL,
            scoring_key TEXT NOT NULL, intercept REAL NOT NULL, slope REAL NOT NULL,
            n_judgements INTEGER NOT NULL);
CREATE TABLE sentences (
            article_number INTEGER NOT NULL REFERENCES articles (number) ON DELETE CASCADE,
            sentence_index INTEGER NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL, lang TEXT NOT NULL DEFAULT '',
            PRIMARY KEY (article_number, sentence_index)) WITHOUT ROWID;
INSERT INTO "sentences" VALUES(1,0,0,18,'');
INSERT INTO "sentences" VALUES(1,1,19,31,'');
INSERT INTO "sentences" VALUES(2,0,0,22,'');
INSERT INTO "sentences" VALUES(2,1,23,41,'');
INSERT INTO "sentences" VALUES(3,0,0,12,'');
INSERT INTO "sentences" VALUES(3,1,13,29,'');
CREATE TABLE sources (id TEXT PRIMARY KEY, record TEXT NOT NULL, is_edited INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
INSERT INTO "sources" VALUES('east','{"id": "east", "name": "Восточная газета", "native_name": "", "languages": [], "country": "", "ownership": "unknown", "kind": "", "owner": "", "domains": [], "demo": false, "feeds": [], "aliases": []}',0);
INSERT INTO "sources" VALUES('north','{"id": "north", "name": "North Daily", "native_name": "", "languages": [], "country": "NO", "ownership": "unknown", "kind": "", "owner": "", "domains": ["north.example", "south.example"], "demo": false, "feeds": [], "aliases": ["south", "South Post"]}',1);
CREATE TABLE state (library_id TEXT NOT NULL, revision INTEGER NOT NULL, last_article_number INTEGER NOT NULL DEFAULT 0);
INSERT INTO "state" VALUES('6a7bb1c3fb8d04b0',12,5);
CREATE TABLE "token_states" (
            model_number INTEGER NOT NULL REFERENCES models (number), text_hash TEXT NOT NULL, packed_states BLOB NOT NULL,
            UNIQUE (model_number, text_hash));
INSERT INTO "token_states" VALUES(2,'e0051a7e96c5caf89960c08b7cc10b67',X'5468652062726964');
INSERT INTO "token_states" VALUES(2,'3111c8211c10234a5b424006f21413da',X'4E6F626F64792070');
INSERT INTO "token_states" VALUES(2,'2699b55ca7cc4a062ebe33634fc05aa3',X'4120627269646765');
INSERT INTO "token_states" VALUES(2,'57045d0bd0f737e5b1d83300a065efff',X'5468652062726964');
INSERT INTO "token_states" VALUES(2,'215e4d241c3b2fab7a08ca2fa03cc643',X'497420636F737420');
INSERT INTO "token_states" VALUES(2,'87d08be948a6e952f5c5b368d8d0a0ef',X'427269646765206F');
INSERT INTO "token_states" VALUES(2,'c1dce508910d82cc4a59a92afbe60f3d',X'D09CD0BED181D182');
INSERT INTO "token_states" VALUES(2,'5a384864570c34ca4236659746bc302c',X'D09DD0B8D0BAD182');
INSERT INTO "token_states" VALUES(2,'20636fc9145a96fff5bcb48d694220a9',X'D09CD0BED181D182');
INSERT INTO "token_states" VALUES(2,'ddefab490c272c846e2be8d428e20818',X'D09FD0B0D180D0BE');
CREATE TABLE "translations" (
            number INTEGER PRIMARY KEY, text_hash TEXT NOT NULL, src_text TEXT NOT NULL, src_lang TEXT NOT NULL,
            tgt_lang TEXT NOT NULL, engine TEXT NOT NULL, engine_version TEXT NOT NULL, tgt_text TEXT NOT NULL,
            issues TEXT NOT NULL, UNIQUE (text_hash, src_lang, tgt_lang, engine, engine_version));
INSERT INTO "translations" VALUES(1,'c1dce508910d82cc4a59a92afbe60f3d','Мост открыт.','ru','en','memory','','The bridge is open.','["number"]');
INSERT INTO "translations" VALUES(2,'5a384864570c34ca4236659746bc302c','Никто не платил.','ru','en','argostranslate','1.9','Nobody paid.','[]');
INSERT INTO "translations" VALUES(3,'c1dce508910d82cc4a59a92afbe60f3d','Мост открыт.','ru','en','hand','2026-12-01T01:08:02.951411+00:00','The bridge was opened.','[]');
CREATE TABLE vectors (
            model_number INTEGER NOT NULL REFERENCES models (number), text_hash TEXT NOT NULL, vector BLOB NOT NULL,
            UNIQUE (model_number, text_hash));
INSERT INTO "vectors" VALUES(1,'e0051a7e96c5caf89960c08b7cc10b67',X'D53BF62AF62E3931');
INSERT INTO "vectors" VALUES(1,'3111c8211c10234a5b424006f21413da',X'A33B172D1731A333');
INSERT INTO "vectors" VALUES(1,'2699b55ca7cc4a062ebe33634fc05aa3',X'3F3B3F2F3F336F35');
INSERT INTO "vectors" VALUES(1,'57045d0bd0f737e5b1d83300a065efff',X'E33BBC29BC2D4D30');
INSERT INTO "vectors" VALUES(1,'215e4d241c3b2fab7a08ca2fa03cc643',X'D53BF62AF62E3931');
INSERT INTO "vectors" VALUES(1,'87d08be948a6e952f5c5b368d8d0a0ef',X'A33B172D1731A333');
INSERT INTO "vectors" VALUES(1,'c1dce508910d82cc4a59a92afbe60f3d',X'A33B172D1731A333');
INSERT INTO "vectors" VALUES(1,'5a384864570c34ca4236659746bc302c',X'CA3BCA2BCA2FD831');
INSERT INTO "vectors" VALUES(1,'20636fc9145a96fff5bcb48d694220a9',X'D839D831D8356238');
INSERT INTO "vectors" VALUES(1,'ddefab490c272c846e2be8d428e20818',X'BB3B6B2C6B30A032');
CREATE INDEX articles_content_hash ON articles (content_hash);
CREATE INDEX corrected_sentences_article_id ON corrected_sentences (article_id);
CREATE INDEX changes_operation_number ON changes (operation_number);
CREATE INDEX articles_date ON articles (date);
CREATE INDEX article_profiles_article_number ON article_profiles (article_number);
CREATE INDEX events_merged_into ON events (merged_into) WHERE merged_into;
CREATE INDEX event_articles_event_number ON event_articles (event_number);
CREATE INDEX events_story_number ON events (story_number) WHERE story_number <> 0;
CREATE INDEX check_items_sample_number ON check_items (sample_number);
CREATE INDEX coding_passages_unit_number ON coding_passages (unit_number);
CREATE INDEX coding_passages_article_id ON coding_passages (article_id);
CREATE INDEX coding_tasks_offer_number ON coding_tasks (offer_number);
CREATE INDEX codings_unit_number ON codings (unit_number);
CREATE INDEX codings_code_id ON codings (code_id);
CREATE INDEX codings_article_id ON codings (article_id);
CREATE INDEX coding_decisions_unit_number ON coding_decisions (unit_number);
CREATE INDEX articles_url ON articles (url) WHERE url <> '';
CREATE INDEX article_versions_newest_number ON article_versions (newest_number);
CREATE INDEX article_versions_content_hash ON article_versions (content_hash);
CREATE INDEX article_versions_id ON article_versions (id);
CREATE INDEX article_originals_digest ON article_originals (digest);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('operations',6);
INSERT INTO "sqlite_sequence" VALUES('events',1);
COMMIT;
PRAGMA application_id = 2020370798;
PRAGMA user_version = 10;
