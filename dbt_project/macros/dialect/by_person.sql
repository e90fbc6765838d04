{% macro default__by_person() -%}
    {%- set scope = run_query('select is_whole from ' ~ as_built('int_build_scope')) -%}
    {{ return(not scope.rows[0][0]) }}
{%- endmacro %}

{# A cluster makes every table anew: its unit of rewriting is the partition. #}
{% macro spark__by_person() -%}
    {{ return(false) }}
{%- endmacro %}

{# Whether a column with an index names one of these people: an array is looked up in the index whatever the planner expects. #}
{% macro is_one_of(person, people) -%}
    {{ return(adapter.dispatch('is_one_of', 'zaoxue')(person, people)) }}
{%- endmacro %}

{% macro default__is_one_of(person, people) -%}
    {{ person }} = any(array({{ people }}))
{%- endmacro %}

{% macro spark__is_one_of(person, people) -%}
    {{ person }} in ({{ people }})
{%- endmacro %}

{# Before a run changes anything: the marts are no base for a later build until they are recorded as one. #}
{% macro void_base() -%}
    {%- if flags.WHICH in ('build', 'run', 'seed', 'snapshot', 'clone') -%}
        {{ return(adapter.dispatch('void_base', 'zaoxue')()) }}
    {%- endif -%}
{%- endmacro %}

{% macro default__void_base() -%}
    select ops.void_mart_build()
{%- endmacro %}

{% macro spark__void_base() -%}
{%- endmacro %}

{#
    Incremental strategy of tables with a person_key and an index on it: rows of people in scope that this build does not give
    go, rows that are not there come. Most rows stay as they are, and writing a row costs more than comparing it. Whose rows
    went or came stays in <table>__changed; with the config keeps_replaced all rows that people in scope had stay in
    <table>__replaced, for the models that count them.
#}
{% macro get_incremental_touched_people_sql(arg_dict) -%}
    {%- set table, given = arg_dict['target_relation'], arg_dict['temp_relation'] -%}
    {%- set stored, gone, new = table.identifier ~ '__stored', table.identifier ~ '__gone', table.identifier ~ '__new' -%}
    {%- set changed = as_built(table.identifier ~ '__changed') -%}
    {%- set names = arg_dict['dest_columns'] | map(attribute='quoted') | list -%}
    {%- set columns = names | join(', ') -%}
    {%- set same_row -%}
        given.person_key = stored.person_key
        and (given.{{ names | join(', given.') }}) is not distinct from (stored.{{ names | join(', stored.') }})
    {%- endset %}
    -- Read once, with where each row lies.
    create temporary table {{ stored }} on commit drop as
    select
        ctid as lies_at,
        {{ columns }}
    from {{ table }}
    where {{ is_one_of('person_key', people_in_scope()) }};
    {%- if config.get('keeps_replaced') %}
    drop table if exists {{ replaced_rows(table.identifier) }};
    create table {{ replaced_rows(table.identifier) }} as select {{ columns }} from {{ stored }};
    {%- endif %}
    create temporary table {{ gone }} on commit drop as
    select
        lies_at,
        person_key
    from {{ stored }} as stored
    where not exists (select 1 from {{ given }} as given where {{ same_row }});
    create temporary table {{ new }} on commit drop as
    select {{ columns }} from {{ given }} as given
    where not exists (select 1 from {{ stored }} as stored where {{ same_row }});
    drop table if exists {{ changed }};
    create table {{ changed }} as
    select person_key from {{ gone }}
    union
    select person_key from {{ new }};
    delete from {{ table }} where ctid = any(array(select lies_at from {{ gone }}));
    insert into {{ table }} ({{ columns }}) select {{ columns }} from {{ new }}
{%- endmacro %}

{#
    Incremental strategy of tables of counts: config `cell` lists the columns that name a cell, all others are added up. A
    cell whose first count comes to nothing is gone.
#}
{% macro get_incremental_add_up_sql(arg_dict) -%}
    {%- set table, gained = arg_dict['target_relation'], arg_dict['temp_relation'] -%}
    {%- set names = arg_dict['dest_columns'] | map(attribute='quoted') | list -%}
    {%- set cell = config.require('cell') | map('tojson') | list -%}
    {%- set counts = names | reject('in', cell) | list %}
    create temporary table {{ table.identifier }}__sum on commit drop as
    select
        {{ cell | join(', ') }},
        {%- for count in counts %}
        sum({{ count }}) as {{ count }}{{ ',' if not loop.last }}
        {%- endfor %}
    from (
        select {{ names | join(', ') }} from {{ table }}
        union all
        select {{ names | join(', ') }} from {{ gained }}
    ) as added
    group by {{ cell | join(', ') }}
    having sum({{ counts[0] }}) <> 0;
    truncate {{ table }};
    insert into {{ table }} ({{ names | join(', ') }}) select {{ names | join(', ') }} from {{ table.identifier }}__sum
{%- endmacro %}
