with counted as (
    select
        district_code,
        site_kind,
        coalesce(level, 'not_told') as level,
        count(*) as sites,
        sum(case when is_standing then 1 else 0 end) as standing,
        sum(case when is_standing then 0 else 1 end) as withdrawn,
        sum(case when is_standing then worker_count end) as worker_count,
        sum(case when is_standing then assisted_worker_count end) as assisted_worker_count,
        sum(case when first_year in ('survived', 'withdrawn') then 1 else 0 end) as first_year_due,
        sum(case when first_year = 'survived' then 1 else 0 end) as first_year_survived
    from {{ ref('int_sites') }}
    group by district_code, site_kind, coalesce(level, 'not_told')
)

select
    district_code,
    site_kind,
    level,
    cast(sites as integer) as sites,
    cast(standing as integer) as standing,
    cast(withdrawn as integer) as withdrawn,
    cast(worker_count as integer) as worker_count,
    cast(assisted_worker_count as integer) as assisted_worker_count,
    cast(first_year_due as integer) as first_year_due,
    cast(first_year_survived as integer) as first_year_survived,
    {{ share('first_year_survived', 'first_year_due') }} as survival_rate
from counted
