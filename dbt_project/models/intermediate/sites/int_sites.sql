{{ config(materialized='table') }}

{#
    One row for each site: by its number, or by kind and name where it has none. It survived a year when it was not withdrawn
    within 365 days of its recognition.
#}
with numbered as (
    select
        site.*,
        coalesce(site.site_code, {{ key_of(['site.site_kind', 'site.site_name']) }}) as own_code
    from {{ ref('stg_site') }} as site
),

ordered as (
    select
        numbered.*,
        row_number() over (
            partition by numbered.organisation_code, numbered.own_code
            order by numbered.recognised_on desc nulls last, numbered.site_name asc
        ) as place
    from numbered
)

select
    {{ key_of(['organisation_code', 'own_code']) }} as site_key,
    site_code,
    site_kind,
    site_name,
    organisation_code as district_code,
    area_code,
    level,
    recognised_on,
    withdrawn_on,
    coalesce(withdrawn_on > {{ as_of() }}, true) as is_standing,
    cast(worker_count as integer) as worker_count,
    cast(assisted_worker_count as integer) as assisted_worker_count,
    cast(served_count as integer) as served_count,
    cast(assisted_served_count as integer) as assisted_served_count,
    is_relocation_site,
    is_cooperation_programme,
    case
        when recognised_on is null then null
        when withdrawn_on < {{ add_days('recognised_on', '365') }} then 'withdrawn'
        when {{ add_days('recognised_on', '365') }} <= {{ as_of() }} then 'survived'
        else 'not_due'
    end as first_year
from ordered
where place = 1
