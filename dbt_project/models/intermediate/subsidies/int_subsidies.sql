{{ config(materialized='table') }}

-- One row for each payment of a district. Two districts may pay one person: both rows stay, and are told as paid twice.
select
    {{ key_of(['organisation_code', 'person_key', 'subsidy_kind', 'month_from']) }} as subsidy_key,
    person_key,
    organisation_code as district_code,
    subsidy_kind,
    employer_name,
    site_code,
    month_from,
    month_to,
    {{ month_no('month_from') }} as first_month_no,
    {{ month_no('month_to') }} as last_month_no,
    {{ month_no('month_to') }} - {{ month_no('month_from') }} + 1 as months,
    monthly_standard,
    contribution,
    amount,
    monthly_standard * ({{ month_no('month_to') }} - {{ month_no('month_from') }} + 1) as amount_by_standard,
    paid_on,
    document_no
from {{ ref('stg_subsidy') }}
