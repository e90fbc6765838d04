{#
    Cap, longest term and subsidised share of each startup loan (cap and term of a microcredit too): of the rows that hold on
    the day of issue in the place, that of the smallest division, then the one that names the kind of borrower, then the
    latest.
#}
with wanted as (
    select
        loans.loan_key,
        parameters.parameter,
        parameters.value,
        row_number() over (
            partition by loans.loan_key, parameters.parameter
            order by length(parameters.area_code) desc, length(parameters.code) desc, parameters.valid_from desc nulls last
        ) as place
    from {{ ref('int_loans') }} as loans
    inner join {{ ref('int_dated_parameters') }} as parameters
        on
            (
                (loans.loan_kind = 'startup_guaranteed' and parameters.parameter in ('loan_cap', 'loan_months_max'))
                or (loans.loan_kind = 'microcredit' and parameters.parameter in ('microcredit_cap', 'microcredit_months_max'))
                or (loans.loan_kind = 'startup_guaranteed' and parameters.parameter = 'interest_subsidy_share')
            )
            and (parameters.code = '' or loans.borrower_kind = parameters.code)
            and substr(loans.district_code, 1, length(parameters.area_code)) = parameters.area_code
            and coalesce(loans.issued_on >= parameters.valid_from, true)
            and coalesce(loans.issued_on <= parameters.valid_to, true)
)

select
    loan_key,
    max(case when parameter in ('loan_cap', 'microcredit_cap') then value end) as cap,
    cast(max(case when parameter in ('loan_months_max', 'microcredit_months_max') then value end) as integer) as months_max,
    max(case when parameter = 'interest_subsidy_share' then value end) as subsidy_share
from wanted
where place = 1
group by loan_key
