-- One row for each time a person was sent to a vacancy; the later file counts where two tell of it.
with ordered as (
    select
        *,
        row_number() over (
            partition by person_key, vacancy_no, referred_on
            order by reported_period desc, organisation_code asc
        ) as place
    from {{ ref('stg_referral') }}
)

select
    person_key,
    vacancy_no,
    organisation_code as township_code,
    referred_on,
    result,
    started_on,
    reason
from ordered
where place = 1
