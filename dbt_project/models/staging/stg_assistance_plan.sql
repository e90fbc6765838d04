select
    household_key,
    plan_year,
    measure,
    member_key,
    term,
    school_stage,
    stipend_standard,
    stipend_amount,
    stipend_paid_on,
    contact_office,
    planned_on,
    target_on,
    finished_on,
    status,
    organisation_code,
    _from_submission as from_submission
from {{ source('raw', 'assistance_plan') }}
where {{ is_known() }}
