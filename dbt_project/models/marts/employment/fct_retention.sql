{{
    config(
        materialized='incremental',
        incremental_strategy='touched_people',
        changed_in=['int_retention_outcomes'],
        indexes=[{'columns': ['person_key']}]
    )
}}

select
    placement_key,
    person_key,
    district_code,
    township_code,
    {{ month_start('started_on') }} as cohort_month,
    horizon_days,
    due_on,
    outcome,
    evidence,
    evidence_on,
    started_month_no as cohort_month_no
from {{ ref('int_retention_outcomes') }}
where {{ in_scope('person_key') }}
