/** Words that tell how a text would be read as SQL; of MySQL, PostgreSQL, SQL Server, Oracle and SQLite. All lower case. */

function words(list: string): ReadonlySet<string> {
  return new Set(list.trim().split(/\s+/));
}

/** What joins conditions. */
export const CONNECTIVES = words('or and xor');

/** What a condition follows. */
export const CONDITION_HEADS = words('or and xor having where when on if elseif while not || &&');

/** Comparisons written as words. */
export const COMPARING_WORDS = words('like ilike rlike regexp glob between in is sounds similar match');

export const COMPARING_SIGNS = words('= == <> != < > <= >= <=> !< !> ^= @> <@ ? ?| ?& @? @@ #> #>> ->> ~* !~ ~');

/** Operators between values; `-` and `*` are frequent in prose, too. */
export const ARITHMETIC = words('+ - * / % ^ & | || && << >> := -> #- ** div mod');

/** Constants and functions that need no parentheses. */
export const CONSTANTS = words('null true false current_user session_user system_user current_date current_time current_timestamp current_catalog current_schema user_name sysdate rownum localtime localtimestamp unknown default');

/** Words that may stand before an operand. */
export const PREFIXES = words('not binary all any some distinct unique collate prior + - ~ ! interval');

/** Words that begin or go on with a statement: what follows one stands where SQL expects an expression. */
export const KEYWORDS = words(`select from where having union all distinct and or xor not by set values value then else when case end limit offset in like rlike regexp between is
  as on using exec execute call if return top into join returning procedure begin declare print div mod with do explain`);

/** Functions that no other language and no prose has under these names. */
export const TELLING_FUNCTIONS = words(`pg_sleep pg_sleep_for pg_sleep_until benchmark extractvalue updatexml load_file group_concat concat_ws make_set name_const xmltype sys_eval sys_exec lo_import lo_export lo_get
  lo_from_bytea pg_read_file pg_read_binary_file pg_ls_dir pg_stat_file sp_executesql openrowset opendatasource openquery unhex gtid_subset gtid_subtract st_latfromgeohash st_longfromgeohash st_pointfromgeohash
  geometrycollection multipoint multipolygon multilinestring row_count found_rows last_insert_id char_length character_length octet_length bit_length substring_index strcmp sqlite_version fn_xe_file_target_read_file
  database_to_xml query_to_xml table_to_xml sys_context current_database quote_ident quote_literal aes_encrypt aes_decrypt des_encrypt old_password inet_aton inet6_aton is_srvrolemember is_member suser_sname suser_name
  db_name schema_name object_id object_name col_name randomblob zeroblob load_extension hextoraw rawtohex utl_raw regexp_like regexp_substr regexp_substring ifnull nvl nvl2 isnull nullif iif xmlelement wm_concat listagg
  string_agg array_to_string string_to_array generate_series json_extract json_keys json_arrayagg jsonb_each crc32 soundex uuid_short get_lock release_lock is_free_lock master_pos_wait curdate curtime sysdate utc_date
  connection_id session_user system_user current_user col_length serverproperty cast convert_from decode_base64 from_base64 to_base64 sqlite_compileoption_used likelihood likely unlikely json_array json_objectagg
  user_lock dbms_random hashbytes host_name has_dbaccess datalength patindex charindex stuff newid
  pg_client_encoding inet_server_addr pg_postmaster_start_time pg_backend_pid to_char to_number to_timestamp to_date rpad lpad ltrim rtrim ord elt mid substr`);

/** Functions of SQL whose names mean something elsewhere, too. */
export const FUNCTIONS = words(`char chr nchar ascii concat count sum min max avg version user database schema sleep hex bin oct conv ord mid left right substring substr length len lower upper lcase ucase
  ltrim rtrim trim reverse repeat replicate replace round floor ceil ceiling rand random abs sign sqrt pow power exp ln log log2 log10 mod pi sin cos tan cot acos asin atan atan2 degrees radians truncate least greatest md5 sha sha1 sha2
  password encrypt encode decode compress uncompress format field find_in_set locate position instr insert interval if cast convert coalesce exists date_add date_sub adddate subdate addtime now sysdate
  date day month year hour minute second quarter week weekday dayname monthname unix_timestamp from_unixtime timestamp timestampadd timestampdiff time_to_sec sec_to_time makedate maketime
  bit_and bit_or bit_xor std stddev variance var_pop var_samp stddev_pop uuid quote space export_set default values charset coercibility collation polygon linestring point multipoint
  typeof total changes glob hex quote printf unicode str ident_current translate initcap chr nvl decode greatest to_char extract overlay encode typeof exec execute asciistr json_array json_object json_keys
  div json_valid dayofmonth dayofweek dayofyear from_days to_days period_add period_diff str_to_date date_format time_format get_format load_file procedure in like benchmark current_user localtime`);

/** Statements, and what has to follow for one to be told from prose. */
export const OBJECTS = words('table database view user function procedure index schema trigger sequence role column login tablespace type event');

/** Names of system tables, procedures and packages: their first part, or all of it. */
export const SCHEMA_NAMES = words(`information_schema performance_schema tempdb msdb sysobjects syscolumns sysusers sysdatabases syslogins sysprocesses syscat sysibm systables msysaccessobjects msysobjects msysqueries msysaces msysrelationships
  sqlite_master sqlite_schema sqlite_temp_master sqlite_sequence pg_catalog pg_user pg_shadow pg_database pg_tables pg_class pg_authid pg_proc pg_roles all_tables all_users all_tab_columns user_tables user_tab_columns
  user_objects all_objects dba_users dba_tables user_users all_db_links v$version v$session utl_http utl_inaddr utl_file utl_smtp utl_tcp dbms_lock dbms_pipe dbms_ldap dbms_java dbms_xmlquery dbms_export_extension
  dbms_scheduler dbms_utility dbms_xmlgen dbms_sql dbms_xslprocessor ctxsys ordsys mdsys httpuritype xp_cmdshell xp_dirtree xp_regread xp_regwrite xp_fileexist xp_enumdsn xp_availablemedia xp_loginconfig xp_servicecontrol xp_ntsec_enumdomains
  xp_terminate_process xp_subdirs xp_getnetname xp_makecab xp_startmail xp_sendmail sp_oacreate sp_oamethod sp_makewebtask sp_password sp_configure sp_addextendedproc sp_adduser sp_addsrvrolemember sp_addlogin sp_help sp_tables sp_who
  sp_executesql rdb$database rdb$fields rdb$relations rdb$types rdb$functions rdb$collations domain.domains sysmaster sysmaster:sysdual sys.database_name sys.databases sys.tables sys.user$ sys.objects master..sysdatabases
  master.dbo mysql.user mysql.db mysql.innodb_table_stats master..xp_cmdshell sys.schema_table_statistics sys.fn_get_audit_file innodb_table_stats innodb_index_stats`);

/** Tables that a query may read without further signs of one. */
export const TABLES = words('users user admin admins administrator administrators accounts account customers members member dual passwords login logins employees credentials sysmaster creditcards credit_cards clients');

/** Words after which prose goes on, and SQL never does. */
export const PROSE = words('the a an your our my his her their this that these those which who you we they it i one some any each every more and or of to with for in on at is are was were be will would can please how what why');
