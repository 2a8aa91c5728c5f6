BEGIN TRANSACTION;
CREATE TABLE acts (
            number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
            made TEXT NOT NULL, told TEXT NOT NULL, undoes INTEGER NOT NULL DEFAULT 0,
            undone INTEGER NOT NULL DEFAULT 0);
INSERT INTO "acts" VALUES(1,'d5a15d19','add','2026-11-30T08:22:41+00:00','first.jsonl',0,0);
INSERT INTO "acts" VALUES(2,'492b689c','add','2026-11-30T08:22:41+00:00','second.jsonl',0,0);
INSERT INTO "acts" VALUES(3,'ee8eca7d','edit','2026-11-30T08:22:41+00:00','source east edited',0,1);
INSERT INTO "acts" VALUES(4,'0c2a168e','undo','2026-11-30T08:22:41+00:00','undo: source east edited',3,0);
INSERT INTO "acts" VALUES(5,'39a168d7','remove','2026-11-30T08:22:41+00:00','1 article removed',0,0);
INSERT INTO "acts" VALUES(6,'d7f631a0','merge','2026-11-30T08:22:41+00:00','source south merged into north',0,0);
CREATE TABLE articles (
            number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
            source TEXT NOT NULL REFERENCES sources (id), lang TEXT NOT NULL, text TEXT NOT NULL,
            title TEXT NOT NULL, date TEXT NOT NULL, url TEXT NOT NULL, author TEXT NOT NULL DEFAULT '', content TEXT NOT NULL DEFAULT '');
INSERT INTO "articles" VALUES(1,'770cfd9433e4ec2c','north','en','The bridge opened. Nobody paid.','A bridge','2024-05-16','https://north.example/1','','b2f57d70bffe7a0aa3ef6ba58ff016a4');
INSERT INTO "articles" VALUES(2,'ae7bed845f513d81','north','en','The bridge has opened. It cost 3 million.','Bridge opens','2024-05-17','','','e16867be564acf84d8a77f39f954afcb');
INSERT INTO "articles" VALUES(3,'387c9c51291e4a16','east','ru','Мост открыт. Никто не платил.','Мост','2024-05-16','','А. Автор','10a168dab580c123acb3b8d4c99b7d8a');
CREATE TABLE changes (
            number INTEGER PRIMARY KEY,
            act INTEGER NOT NULL REFERENCES acts (number) ON DELETE CASCADE,
            relation TEXT NOT NULL, before TEXT, after TEXT);
INSERT INTO "changes" VALUES(1,1,'sources',NULL,'{"id": "north", "record": "{\"id\": \"north\", \"name\": \"North Daily\", \"native_name\": \"\", \"languages\": [], \"country\": \"NO\", \"ownership\": \"unknown\", \"kind\": \"\", \"owner\": \"\", \"domains\": [\"north.example\"], \"demo\": false, \"feeds\": [], \"aliases\": []}", "edited": 0}');
INSERT INTO "changes" VALUES(2,1,'sources',NULL,'{"id": "south", "record": "{\"id\": \"south\", \"name\": \"South Post\", \"native_name\": \"\", \"languages\": [], \"country\": \"\", \"ownership\": \"unknown\", \"kind\": \"\", \"owner\": \"\", \"domains\": [\"south.example\"], \"demo\": false, \"feeds\": [], \"aliases\": []}", "edited": 0}');
INSERT INTO "changes" VALUES(3,1,'sources',NULL,'{"id": "east", "record": "{\"id\": \"east\", \"name\": \"Восточная газета\", \"native_name\": \"\", \"languages\": [], \"country\": \"\", \"ownership\": \"unknown\", \"kind\": \"\", \"owner\": \"\", \"domains\": [], \"demo\": false, \"feeds\": [], \"aliases\": []}", "edited": 0}');
INSERT INTO "changes" VALUES(4,1,'articles',NULL,'{"number": 1}');
INSERT INTO "changes" VALUES(5,1,'articles',NULL,'{"number": 2}');
INSERT INTO "changes" VALUES(6,1,'articles',NULL,'{"number": 3}');
INSERT INTO "changes" VALUES(7,1,'translations',NULL,'{"number": 1, "hash": "c1dce508910d82cc4a59a92afbe60f3d", "src": "Мост открыт.", "text": "The bridge is open.", "doubts": "[\"number\"]"}');
INSERT INTO "changes" VALUES(8,2,'articles',NULL,'{"number": 4}');
INSERT INTO "changes" VALUES(9,2,'articles',NULL,'{"number": 5}');
INSERT INTO "changes" VALUES(10,3,'sources','{"id": "east", "record": "{\"id\": \"east\", \"name\": \"Восточная газета\", \"native_name\": \"\", \"languages\": [], \"country\": \"\", \"ownership\": \"unknown\", \"kind\": \"\", \"owner\": \"\", \"domains\": [], \"demo\": false, \"feeds\": [], \"aliases\": []}", "edited": 0}','{"id": "east", "record": "{\"id\": \"east\", \"name\": \"Eastern Paper\", \"native_name\": \"\", \"languages\": [], \"country\": \"RU\", \"ownership\": \"unknown\", \"kind\": \"\", \"owner\": \"\", \"domains\": [], \"demo\": false, \"feeds\": [], \"aliases\": [\"Восточная газета\"]}", "edited": 1}');
INSERT INTO "changes" VALUES(11,4,'sources','{"id": "east", "record": "{\"id\": \"east\", \"name\": \"Eastern Paper\", \"native_name\": \"\", \"languages\": [], \"country\": \"RU\", \"ownership\": \"unknown\", \"kind\": \"\", \"owner\": \"\", \"domains\": [], \"demo\": false, \"feeds\": [], \"aliases\": [\"Восточная газета\"]}", "edited": 1}','{"id": "east", "record": "{\"id\": \"east\", \"name\": \"Восточная газета\", \"native_name\": \"\", \"languages\": [], \"country\": \"\", \"ownership\": \"unknown\", \"kind\": \"\", \"owner\": \"\", \"domains\": [], \"demo\": false, \"feeds\": [], \"aliases\": []}", "edited": 0}');
INSERT INTO "changes" VALUES(12,5,'articles','{"number": 5, "id": "fbd5d589253d716d", "source": "east", "lang": "ru", "text": "Паром отменён. Мост открыт.", "title": "", "date": "2024-05-19", "url": "", "author": "", "content": "94b8ea0539a1660d32906f5e7bfbae62", "sentences": [[0, 0, 14, ""], [1, 15, 27, ""]]}',NULL);
INSERT INTO "changes" VALUES(13,6,'sources','{"id": "north", "record": "{\"id\": \"north\", \"name\": \"North Daily\", \"native_name\": \"\", \"languages\": [], \"country\": \"NO\", \"ownership\": \"unknown\", \"kind\": \"\", \"owner\": \"\", \"domains\": [\"north.example\"], \"demo\": false, \"feeds\": [], \"aliases\": []}", "edited": 0}','{"id": "north", "record": "{\"id\": \"north\", \"name\": \"North Daily\", \"native_name\": \"\", \"languages\": [], \"country\": \"NO\", \"ownership\": \"unknown\", \"kind\": \"\", \"owner\": \"\", \"domains\": [\"north.example\", \"south.example\"], \"demo\": false, \"feeds\": [], \"aliases\": [\"south\", \"South Post\"]}", "edited": 1}');
INSERT INTO "changes" VALUES(14,6,'articles','{"number": 2, "id": "e7b3334b50966310", "source": "south"}','{"number": 2, "id": "ae7bed845f513d81", "source": "north"}');
INSERT INTO "changes" VALUES(15,6,'corrected','{"correction": 1, "side": 1, "article": "e7b3334b50966310", "start": 0}','{"correction": 1, "side": 1, "article": "ae7bed845f513d81", "start": 0}');
INSERT INTO "changes" VALUES(16,6,'corrected','{"correction": 2, "side": 1, "article": "e7b3334b50966310", "start": 23}','{"correction": 2, "side": 1, "article": "ae7bed845f513d81", "start": 23}');
INSERT INTO "changes" VALUES(17,6,'articles','{"number": 4, "id": "231366cf57322e05", "source": "south", "lang": "en", "text": "The bridge opened.\n\nNobody paid.", "title": "", "date": "2024-05-18", "url": "", "author": "", "content": "b2f57d70bffe7a0aa3ef6ba58ff016a4", "sentences": [[0, 0, 18, ""], [1, 20, 32, ""]]}',NULL);
INSERT INTO "changes" VALUES(18,6,'sources','{"id": "south", "record": "{\"id\": \"south\", \"name\": \"South Post\", \"native_name\": \"\", \"languages\": [], \"country\": \"\", \"ownership\": \"unknown\", \"kind\": \"\", \"owner\": \"\", \"domains\": [\"south.example\"], \"demo\": false, \"feeds\": [], \"aliases\": []}", "edited": 0}',NULL);
CREATE TABLE corrected (
            correction INTEGER NOT NULL REFERENCES corrections (number) ON DELETE CASCADE,
            side INTEGER NOT NULL, article TEXT NOT NULL, start INTEGER NOT NULL,
            PRIMARY KEY (correction, side, article, start)) WITHOUT ROWID;
INSERT INTO "corrected" VALUES(1,1,'387c9c51291e4a16',0);
INSERT INTO "corrected" VALUES(1,0,'770cfd9433e4ec2c',0);
INSERT INTO "corrected" VALUES(2,0,'770cfd9433e4ec2c',19);
INSERT INTO "corrected" VALUES(1,1,'ae7bed845f513d81',0);
INSERT INTO "corrected" VALUES(2,1,'ae7bed845f513d81',23);
CREATE TABLE corrections (
            number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, made TEXT NOT NULL);
INSERT INTO "corrections" VALUES(1,'c1','together','2024-05-20T10:00:00+00:00');
INSERT INTO "corrections" VALUES(2,'c2','apart','2024-05-20T11:00:00+00:00');
CREATE TABLE models (
            number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, dimensions INTEGER NOT NULL);
INSERT INTO "models" VALUES(1,'sample encoder',4);
INSERT INTO "models" VALUES(2,'sample tokens',0);
CREATE TABLE sentences (
            article INTEGER NOT NULL REFERENCES articles (number) ON DELETE CASCADE,
            position INTEGER NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL, lang TEXT NOT NULL DEFAULT '',
            PRIMARY KEY (article, position)) WITHOUT ROWID;
INSERT INTO "sentences" VALUES(1,0,0,18,'');
INSERT INTO "sentences" VALUES(1,1,19,31,'');
INSERT INTO "sentences" VALUES(2,0,0,22,'');
INSERT INTO "sentences" VALUES(2,1,23,41,'');
INSERT INTO "sentences" VALUES(3,0,0,12,'');
INSERT INTO "sentences" VALUES(3,1,13,29,'');
CREATE TABLE sources (id TEXT PRIMARY KEY, record TEXT NOT NULL, edited INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
INSERT INTO "sources" VALUES('east','{"id": "east", "name": "Восточная газета", "native_name": "", "languages": [], "country": "", "ownership": "unknown", "kind": "", "owner": "", "domains": [], "demo": false, "feeds": [], "aliases": []}',0);
INSERT INTO "sources" VALUES('north','{"id": "north", "name": "North Daily", "native_name": "", "languages": [], "country": "NO", "ownership": "unknown", "kind": "", "owner": "", "domains": ["north.example", "south.example"], "demo": false, "feeds": [], "aliases": ["south", "South Post"]}',1);
CREATE TABLE state (identity TEXT NOT NULL, revision INTEGER NOT NULL, serial INTEGER NOT NULL DEFAULT 0);
INSERT INTO "state" VALUES('734cf0839b678f09',11,5);
CREATE TABLE tokens (
            model INTEGER NOT NULL REFERENCES models (number), hash TEXT NOT NULL, packed BLOB NOT NULL,
            UNIQUE (model, hash));
INSERT INTO "tokens" VALUES(2,'e0051a7e96c5caf89960c08b7cc10b67',X'5468652062726964');
INSERT INTO "tokens" VALUES(2,'3111c8211c10234a5b424006f21413da',X'4E6F626F64792070');
INSERT INTO "tokens" VALUES(2,'2699b55ca7cc4a062ebe33634fc05aa3',X'4120627269646765');
INSERT INTO "tokens" VALUES(2,'57045d0bd0f737e5b1d83300a065efff',X'5468652062726964');
INSERT INTO "tokens" VALUES(2,'215e4d241c3b2fab7a08ca2fa03cc643',X'497420636F737420');
INSERT INTO "tokens" VALUES(2,'87d08be948a6e952f5c5b368d8d0a0ef',X'427269646765206F');
INSERT INTO "tokens" VALUES(2,'c1dce508910d82cc4a59a92afbe60f3d',X'D09CD0BED181D182');
INSERT INTO "tokens" VALUES(2,'5a384864570c34ca4236659746bc302c',X'D09DD0B8D0BAD182');
INSERT INTO "tokens" VALUES(2,'20636fc9145a96fff5bcb48d694220a9',X'D09CD0BED181D182');
INSERT INTO "tokens" VALUES(2,'ddefab490c272c846e2be8d428e20818',X'D09FD0B0D180D0BE');
CREATE TABLE "translations" (
            number INTEGER PRIMARY KEY, hash TEXT NOT NULL, src TEXT NOT NULL, src_lang TEXT NOT NULL,
            tgt_lang TEXT NOT NULL, engine TEXT NOT NULL, version TEXT NOT NULL, text TEXT NOT NULL,
            doubts TEXT NOT NULL, UNIQUE (hash, src_lang, tgt_lang, engine, version));
INSERT INTO "translations" VALUES(1,'c1dce508910d82cc4a59a92afbe60f3d','Мост открыт.','ru','en','memory','','The bridge is open.','["number"]');
INSERT INTO "translations" VALUES(2,'5a384864570c34ca4236659746bc302c','Никто не платил.','ru','en','argostranslate','1.9','Nobody paid.','[]');
INSERT INTO "translations" VALUES(3,'c1dce508910d82cc4a59a92afbe60f3d','Мост открыт.','ru','en','hand','2026-11-30T08:22:41.835573+00:00','The bridge was opened.','[]');
CREATE TABLE vectors (
            model INTEGER NOT NULL REFERENCES models (number), hash TEXT NOT NULL, vector BLOB NOT NULL,
            UNIQUE (model, hash));
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
CREATE INDEX corrected_article ON corrected (article);
CREATE INDEX articles_content ON articles (content);
CREATE INDEX changes_act ON changes (act);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('acts',6);
COMMIT;
PRAGMA application_id = 2020370798;
PRAGMA user_version = 4;
