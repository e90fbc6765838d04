{{ config(materialized='table') }}

{#
    Retention by district and quarter of start, with the total of all districts (area 000000), and what of it may be
    published: is_size_hidden for how many were due, is_hidden for what became of them.
#}
{% set people_columns = ['due_people', 'retained_people', 'lost_people', 'unknown_people'] %}

with counted as (
    select
        district_code as area_code,
        quarter_no,
        horizon_days,
        due,
        retained,
        lost,
        unknown,
        due_people,
        retained_people,
        lost_people,
        unknown_people
    from {{ ref('int_quarter_outcomes') }}
),

with_parameter as (
    select
        counted.*,
        parameters.small_cell
    from counted
    cross join {{ ref('int_rule_parameters') }} as parameters
),

sized as (
    select
        *,
        is_small as is_size_small,
        is_hidden as is_size_hidden
    from (
        {{ hide_small('with_parameter', 'quarter_no, horizon_days', ['due_people'], 'area_code', 'small_cell') }}
    ) as by_size
),

plain as (
    select
        area_code,
        quarter_no,
        horizon_days,
        due,
        retained,
        lost,
        unknown,
        due_people,
        retained_people,
        lost_people,
        unknown_people,
        small_cell,
        is_size_small,
        is_size_hidden
    from sized
),

broken_down as (
    {{ hide_small('plain', 'quarter_no, horizon_days', people_columns, 'area_code', 'small_cell') }}
),

totals as (
    select
        quarter_no,
        horizon_days,
        small_cell,
        sum(due) as due,
        sum(retained) as retained,
        sum(lost) as lost,
        sum(unknown) as unknown,
        sum(due_people) as due_people,
        sum(retained_people) as retained_people,
        sum(lost_people) as lost_people,
        sum(unknown_people) as unknown_people
    from plain
    group by quarter_no, horizon_days, small_cell
)

select
    area_code,
    quarter_no,
    horizon_days,
    due,
    retained,
    lost,
    unknown,
    is_size_small,
    is_size_hidden,
    is_small,
    is_hidden or is_size_hidden as is_hidden
from broken_down
union all
select
    '000000' as area_code,
    quarter_no,
    horizon_days,
    due,
    retained,
    lost,
    unknown,
    due_people > 0 and due_people < small_cell as is_size_small,
    due_people > 0 and due_people < small_cell as is_size_hidden,
    (due_people > 0 and due_people < small_cell)
    or (retained_people > 0 and retained_people < small_cell)
    or (lost_people > 0 and lost_people < small_cell)
    or (unknown_people > 0 and unknown_people < small_cell) as is_small,
    (due_people > 0 and due_people < small_cell)
    or (retained_people > 0 and retained_people < small_cell)
    or (lost_people > 0 and lost_people < small_cell)
    or (unknown_people > 0 and unknown_people < small_cell) as is_hidden
from totals
