{#
    Builds by person. The night says as of which day the marts stand (the variable base_as_of) where they may be brought up
    to date; int_touched_people then names the people whose rows may differ, and int_build_scope says whether they are few
    enough. Models of the strategy touched_people replace the rows of those people alone, and name in <table>__changed whose rows
    have become others; models of the strategy add_up add what has changed in them to their cells. Most touched people's rows
    stay as they are: a model that depends on nothing but other by-person models (no as_of, no rows of raw) names them in its
    config changed_in, and looks only at people whose rows there have changed. Without base_as_of, and on Spark, every model is
    made anew.
    An as_of may stand in such a model only where int_touched_people names the people for whom another day changes something,
    and in one of add_up not at all: there the rows taken away are counted as they stood.
#}

{# Whether this run replaces rows of touched people. Asks int_build_scope: for what comes after it. #}
{% macro by_person() -%}
    {%- if not execute or not var('base_as_of', none) -%}
        {{ return(false) }}
    {%- endif -%}
    {{ return(adapter.dispatch('by_person', 'zaoxue')()) }}
{%- endmacro %}

{# A table of the schema intermediate as it stands, by name: what an earlier build left, or what comes before anyway. #}
{% macro as_built(name) -%}
    {{ return(api.Relation.create(database=target.database, schema='intermediate', identifier=name)) }}
{%- endmacro %}

{# Rows of a by-person model before the touched people's were replaced (of the touched people alone). #}
{% macro replaced_rows(name) -%}
    {{ return(as_built(name ~ '__replaced')) }}
{%- endmacro %}

{# People whose rows in one of these by-person models are others than before this build; a person may come twice. #}
{% macro changed_people(names) -%}
    {%- for name in names -%}
        select person_key from {{ as_built(name ~ '__changed') }}{% if not loop.last %} union all {% endif %}
    {%- endfor -%}
{%- endmacro %}

{# People whose rows the model that is being built replaces. #}
{% macro people_in_scope() -%}
    {%- if config.get('changed_in') -%}
        {{ changed_people(config.get('changed_in')) }}
    {%- else -%}
        select person_key from {{ as_built('int_touched_people') }}
    {%- endif -%}
{%- endmacro %}

{# The condition that leaves the people in scope in a build by person, and everybody in any other. `person` is a column with an index. #}
{% macro in_scope(person) -%}
    {%- if not execute -%}{%- do ref('int_build_scope') -%}{%- endif -%}
    {%- if by_person() -%}{{ is_one_of(person, people_in_scope()) }}{%- else -%}true{%- endif -%}
{%- endmacro %}

{# The same for a table that has no index on the person: read whole, hashed. #}
{% macro in_scope_unindexed(person) -%}
    {%- if not execute -%}{%- do ref('int_build_scope') -%}{%- endif -%}
    {%- if by_person() -%}
        {{ person }} in (select person_key from {{ as_built('int_touched_people') }})
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}

{#
    Rows of a by-person model to be counted, with a column `sign` of 1. In a build by person those of people whose rows have
    changed, and with -1 what they replaced: sums of sign are then what the cells have gained. Models that are joined here
    have to be counted for the same people: `changed_in` names them all.
#}
{% macro rows_to_count(name, changed_in=none) -%}
    {%- if not execute -%}{%- do ref('int_build_scope') -%}{%- endif -%}
    select
        standing.*,
        1 as sign
    from {{ ref(name) }} as standing
    {%- if by_person() %}
    where {{ is_one_of('standing.person_key', changed_people(changed_in or [name])) }}
    union all
    select
        gone.*,
        -1 as sign
    from {{ replaced_rows(name) }} as gone
    where gone.person_key in ({{ changed_people(changed_in or [name]) }})
    {%- endif %}
{%- endmacro %}

{# Columns that count rows of rows_to_count('int_retention_outcomes') by outcome. #}
{% macro counts_by_outcome(rows) -%}
    sum({{ rows }}.sign) as placements,
    sum(case when {{ rows }}.outcome <> 'not_due' then {{ rows }}.sign else 0 end) as due,
    sum(case when {{ rows }}.outcome = 'retained' then {{ rows }}.sign else 0 end) as retained,
    sum(case when {{ rows }}.outcome = 'lost' then {{ rows }}.sign else 0 end) as lost,
    sum(case when {{ rows }}.outcome = 'unknown' then {{ rows }}.sign else 0 end) as unknown
{%- endmacro %}

{# Of people: an incremental model is made anew unless the build is by person. Everything else as dbt has it. #}
{% macro should_full_refresh() -%}
    {%- if config.get('materialized') == 'incremental' -%}
        {{ return(not by_person()) }}
    {%- endif -%}
    {%- set full_refresh = config.get('full_refresh') -%}
    {{ return(flags.FULL_REFRESH if full_refresh is none else full_refresh) }}
{%- endmacro %}

{# Tests of a by-person model look at the rows this build has written; the others were looked at when they were. #}
{% macro default__get_where_subquery(relation) -%}
    {%- set conditions = [config.get('where')] if config.get('where') else [] -%}
    {%- if execute and model.get('attached_node') in graph.nodes -%}
        {%- set tested = graph.nodes[model.attached_node] -%}
        {%- if tested.config.get('incremental_strategy') == 'touched_people' and by_person() -%}
            {%- do conditions.append(is_one_of('person_key', changed_people([tested.name]))) -%}
        {%- endif -%}
    {%- endif -%}
    {%- if not conditions -%}
        {{ return(relation) }}
    {%- endif -%}
    {{ return('(select * from ' ~ relation ~ ' where ' ~ conditions | join(' and ') ~ ') as dbt_subquery') }}
{%- endmacro %}
