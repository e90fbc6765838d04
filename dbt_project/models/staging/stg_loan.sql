select
    receipt_no,
    contract_no,
    district_code,
    loan_kind,
    borrower_kind,
    person_key,
    principal,
    annual_rate,
    issued_on,
    due_on,
    extended_to,
    overdue_since,
    repaid_on,
    outstanding,
    interest_subsidy_paid,
    jobs_brought,
    needy_jobs_brought,
    organisation_code,
    _from_submission as from_submission
from {{ source('raw', 'loan') }}
where {{ is_known() }}
