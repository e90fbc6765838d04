select
    loan_key,
    bank_code,
    receipt_no,
    district_code,
    loan_kind,
    borrower_kind,
    cast(principal as numeric(18, 2)) as principal,
    cast(cap as numeric(18, 2)) as cap,
    principal > cap as is_above_cap,
    months_max,
    {{ days_between('issued_on', 'due_on') }} > months_max * 31 as is_beyond_term,
    subsidised_until,
    subsidised_days,
    interest_subsidy_due,
    cast(interest_subsidy_paid as numeric(18, 2)) as interest_subsidy_paid,
    subsidy_verdict,
    after_a_year
from {{ ref('int_loan_subsidies') }}
