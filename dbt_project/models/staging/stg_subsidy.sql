select
    person_key,
    subsidy_kind,
    employer_name,
    site_code,
    month_from,
    month_to,
    months,
    monthly_standard,
    contribution,
    amount,
    paid_on,
    document_no,
    organisation_code,
    _from_submission as from_submission
from {{ source('raw', 'subsidy') }}
where {{ is_known() }}
