{# Tell the planner about a table just made; a table of the same transaction has no statistics yet. #}
{% macro refresh_statistics(relation) -%}
    {{ return(adapter.dispatch('refresh_statistics', 'zaoxue')(relation)) }}
{%- endmacro %}

{% macro default__refresh_statistics(relation) -%}
    analyze {{ relation }}
{%- endmacro %}

{% macro spark__refresh_statistics(relation) -%}
    analyze table {{ relation }} compute statistics
{%- endmacro %}

{#
    Tell the planner that a column has few values however many rows a join makes of them. PostgreSQL takes what is unique in a
    small table for unique after a cross join, too, and sorts millions of rows instead of counting them in a hash table.
#}
{% macro count_as_few(relation, column) -%}
    {{ return(adapter.dispatch('count_as_few', 'zaoxue')(relation, column)) }}
{%- endmacro %}

{% macro default__count_as_few(relation, column) -%}
    alter table {{ relation }} alter column {{ column }} set (n_distinct = 10);
    analyze {{ relation }}
{%- endmacro %}

{% macro spark__count_as_few(relation, column) -%}
{%- endmacro %}

{# After a table has been made; one in which rows of a few people were replaced is much as it was. #}
{% macro refresh_statistics_if_made(relation) -%}
    {%- if config.get('materialized') == 'table' or (config.get('materialized') == 'incremental' and not by_person()) -%}
        {{ refresh_statistics(relation) }}
    {%- endif -%}
{%- endmacro %}

{# Marts are analysed by the server in its own time, except those the next build looks people up in. #}
{% macro refresh_statistics_if_by_person(relation) -%}
    {%- if config.get('materialized') == 'incremental' and not by_person() -%}
        {{ refresh_statistics(relation) }}
    {%- endif -%}
{%- endmacro %}

{#
    A build reads whole tables. Joined on two columns that go together (person_key and placement_key), PostgreSQL expects a
    single row, and a nested loop chosen for that took minutes; for this transaction it is the last resort.
#}
{% macro expect_whole_tables() -%}
    {{ return(adapter.dispatch('expect_whole_tables', 'zaoxue')()) }}
{%- endmacro %}

{% macro default__expect_whole_tables() -%}
    set local enable_nestloop to off
{%- endmacro %}

{% macro spark__expect_whole_tables() -%}
{%- endmacro %}
