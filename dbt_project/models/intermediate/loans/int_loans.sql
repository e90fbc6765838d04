-- One row for each receipt of a bank, with its standing on the day as_of.
select
    {{ key_of(['organisation_code', 'receipt_no']) }} as loan_key,
    organisation_code as bank_code,
    receipt_no,
    contract_no,
    district_code,
    person_key,
    loan_kind,
    borrower_kind,
    principal,
    annual_rate,
    issued_on,
    {{ month_no('issued_on') }} as issued_month_no,
    due_on,
    extended_to,
    overdue_since,
    repaid_on,
    outstanding,
    interest_subsidy_paid,
    jobs_brought,
    needy_jobs_brought,
    case
        when repaid_on <= {{ as_of() }} then 'repaid'
        when overdue_since <= {{ as_of() }} then 'overdue'
        when extended_to is not null then 'extended'
        else 'running'
    end as standing
from {{ ref('stg_loan') }}
