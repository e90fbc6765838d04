select
    person_key,
    channel,
    region,
    employment_type,
    employer_name,
    employer_kind,
    occupation,
    special_programme,
    started_on,
    ended_on,
    end_reason,
    monthly_wage,
    contract_months,
    internship_subsidy,
    job_seeking_subsidy,
    transport_subsidy,
    organisation_code,
    _from_submission as from_submission
from {{ source('raw', 'placement') }}
where {{ is_known() }}
