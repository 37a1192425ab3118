BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE athlete (
	id INTEGER NOT NULL, 
	"key" VARCHAR(200) NOT NULL, 
	name VARCHAR(200) NOT NULL, 
	mass_kg DOUBLE, 
	height_m DOUBLE, 
	sex VARCHAR(10), 
	notes VARCHAR NOT NULL, 
	added_at DATETIME NOT NULL, 
	CONSTRAINT pk_athlete PRIMARY KEY (id), 
	CONSTRAINT uq_athlete_key UNIQUE ("key")
);
INSERT INTO "athlete" VALUES(1,'ané','Ané',62.5,1.68,'female','left-handed','2026-02-01 09:00:00.000000');
CREATE TABLE recording (
	id INTEGER NOT NULL, 
	athlete_id INTEGER, 
	name VARCHAR NOT NULL, 
	clip_sha256 VARCHAR(64) NOT NULL, 
	track_sha256 VARCHAR(64) NOT NULL, 
	exercise VARCHAR(60) NOT NULL, 
	recorded_at DATETIME NOT NULL, 
	dated_by VARCHAR(10) NOT NULL, 
	added_at DATETIME NOT NULL, 
	folder VARCHAR, 
	report JSON NOT NULL, 
	setting JSON NOT NULL, 
	CONSTRAINT pk_recording PRIMARY KEY (id), 
	CONSTRAINT fk_recording_athlete_id FOREIGN KEY(athlete_id) REFERENCES athlete (id) ON DELETE CASCADE, 
	CONSTRAINT uq_recording_athlete_id_clip_sha256_exercise UNIQUE (athlete_id, clip_sha256, exercise)
);
INSERT INTO "recording" VALUES(1,1,'a.mp4','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb','nordic-curl','2026-02-01 08:00:00.000000','clip','2026-02-01 09:00:00.000000',NULL,'{"exercise": "nordic-curl"}','{}');
CREATE TABLE training_set (
	id INTEGER NOT NULL, 
	recording_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	started_at DATETIME NOT NULL, 
	reps INTEGER NOT NULL, 
	told JSON NOT NULL, 
	CONSTRAINT pk_training_set PRIMARY KEY (id), 
	CONSTRAINT fk_training_set_recording_id FOREIGN KEY(recording_id) REFERENCES recording (id) ON DELETE CASCADE, 
	CONSTRAINT uq_training_set_recording_id_number UNIQUE (recording_id, number)
);
INSERT INTO "training_set" VALUES(1,1,1,'2026-02-01 08:01:00.000000',6,'{"number": 1, "at": "2026-02-01T08:01:00Z", "rest_s": null, "reps": 6, "zone": "strength", "setup": {"exercise": "nordic-curl", "mode": "eccentric-concentric", "view": "side", "parts": {"shank_pitch": {"value": 3.0, "unit": "deg", "uncertainty": 3.0, "uncertainty_within_set": null, "status": "ok", "reason": null, "what_to_change": null, "at_s": null, "until_s": null, "outcome": null, "bound": null, "gates": [], "threshold": null, "method": null, "source": "-"}}}, "values": {"break_point_best": {"measure": "break_point_best", "label": "Best break point", "value": 48.0, "unit": "deg", "uncertainty": 11.0, "bound": null, "outcome": "", "reason": null, "within": 2.5}}, "faults": {"hip-flexion": 1}, "stop_after_rep": null}');
INSERT INTO "training_set" VALUES(2,1,2,'2026-02-01 08:04:00.000000',5,'{"number": 2, "at": "2026-02-01T08:04:00Z", "rest_s": 120.0, "reps": 5, "zone": "strength", "setup": {"exercise": "nordic-curl", "mode": "eccentric-concentric", "view": "side", "parts": {"shank_pitch": {"value": 3.0, "unit": "deg", "uncertainty": 3.0, "uncertainty_within_set": null, "status": "ok", "reason": null, "what_to_change": null, "at_s": null, "until_s": null, "outcome": null, "bound": null, "gates": [], "threshold": null, "method": null, "source": "-"}}}, "values": {"break_point_best": {"measure": "break_point_best", "label": "Best break point", "value": 45.0, "unit": "deg", "uncertainty": 11.0, "bound": "at-most", "outcome": "", "reason": null, "within": 2.5}}, "faults": {"hip-flexion": 1}, "stop_after_rep": null}');
CREATE INDEX ix_recording_athlete_id ON recording (athlete_id);
CREATE INDEX ix_recording_track_sha256 ON recording (track_sha256);
CREATE INDEX ix_training_set_started_at ON training_set (started_at);
COMMIT;
