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

-- In the order of a list, and with every column that a list is filtered or counted by: the rows themselves, which
-- are many times larger, are read only for the page that is shown.
CREATE INDEX plan_operation_by_list ON plan_operation
    (run_id, ordinal, action, outcome_kind, cause_code, mapping, source_id, target_id, name_text, cause_text);
