-- What a person finds a run's rows by, in lower case and cut: the row's name, and why it was stopped.
ALTER TABLE plan_operation ADD COLUMN name_text TEXT NOT NULL DEFAULT '';
ALTER TABLE plan_operation ADD COLUMN cause_text TEXT NOT NULL DEFAULT '';

UPDATE plan_operation SET
    name_text = lower(substr(coalesce(
        (SELECT json_extract(field.value, '$.after.text') FROM json_each(operation, '$.action.fields') AS field
         WHERE json_extract(field.value, '$.field') = 'Name' LIMIT 1),
        json_extract(operation, '$.action.key.value.text'), ''), 1, 120)),
    cause_text = lower(substr(coalesce(
        CASE WHEN outcome IS NULL THEN json_extract(operation, '$.action.cause.message')
             ELSE json_extract(outcome, '$.cause.message') END, ''), 1, 240));

-- Lists are filtered, counted and grouped from these alone: the rows themselves are many times larger and are read only
-- for the page that is shown. The first serves filters and counts by kind, the second a search for words.
DROP INDEX plan_operation_by_action;
CREATE INDEX plan_operation_by_mapping ON plan_operation
    (run_id, mapping, action, ordinal, outcome_kind, cause_code);
CREATE INDEX plan_operation_by_text ON plan_operation
    (run_id, ordinal, mapping, action, outcome_kind, cause_code, source_id, target_id, name_text, cause_text);
