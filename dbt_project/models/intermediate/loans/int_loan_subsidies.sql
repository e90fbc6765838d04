{#
    Interest subsidy as it should be by the day for which the bank's last word speaks (as_of at the latest): principal, days over 360, rate and share, from the day of issue to the end of
    the term, repayment or the first overdue day, whichever comes first. An extension is not subsidised.
    Subsidies are paid by quarters, so what lacks interest_tolerance_days of interest or less is not called underpaid.
#}
with running as (
    select
        loans.*,
        limits.cap,
        limits.months_max,
        limits.subsidy_share,
        parameters.interest_tolerance_days,
        least(
            loans.due_on,
            coalesce(loans.overdue_since, loans.due_on),
            coalesce(loans.repaid_on, loans.due_on),
            coalesce(coverage.covered_until, {{ as_of() }}),
            {{ as_of() }}
        ) as subsidised_until
    from {{ ref('int_loans') }} as loans
    left join {{ ref('int_loan_limits') }} as limits on loans.loan_key = limits.loan_key
    left join {{ ref('int_ledger_coverage') }} as coverage
        on loans.bank_code = coverage.organisation_code and coverage.feed = 'loan'
    cross join {{ ref('int_rule_parameters') }} as parameters
),

computed as (
    select
        running.*,
        greatest({{ days_between('issued_on', 'subsidised_until') }}, 0) as subsidised_days,
        principal * annual_rate / 100 * subsidy_share / 360 as subsidy_a_day
    from running
)

select
    loan_key,
    bank_code,
    receipt_no,
    district_code,
    loan_kind,
    borrower_kind,
    principal,
    issued_on,
    due_on,
    cap,
    months_max,
    interest_subsidy_paid,
    subsidised_until,
    subsidised_days,
    cast(subsidy_a_day * subsidised_days as numeric(18, 2)) as interest_subsidy_due,
    case
        when subsidy_share is null or interest_subsidy_paid is null then null
        when interest_subsidy_paid > subsidy_a_day * subsidised_days + 0.01 then 'overpaid'
        when interest_subsidy_paid + 0.01 < subsidy_a_day * (subsidised_days - interest_tolerance_days) then 'underpaid'
        else 'in_order'
    end as subsidy_verdict,
    case
        when overdue_since <= {{ add_days('issued_on', '365') }} and overdue_since <= {{ as_of() }} then 'overdue'
        when {{ add_days('issued_on', '365') }} > {{ as_of() }} then 'not_due'
        else 'alive'
    end as after_a_year
from computed
