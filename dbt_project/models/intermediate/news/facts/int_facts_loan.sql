-- Loans issued (amount in 元). Banks know the district of a borrower, not the township.
select
    'loan' as figure,
    district_code,
    cast(null as {{ text_type() }}) as township_code,
    coalesce(person_key, loan_key) as item_key,
    principal as amount,
    issued_on as first_on,
    issued_on as last_on
from {{ ref('int_loans') }}
