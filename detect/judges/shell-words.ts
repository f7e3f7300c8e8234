/**
 * Names of programs and builtins of Unix shells, `cmd` and PowerShell, by how much they say. POSIX.1-2024 XCU chapters 3
 * and 4, GNU coreutils, Debian's base system, Microsoft's list of Windows commands; and what tools of intruders bring.
 */

/** No words of a language: one of them behind a separator is enough. */
const TELLING = `
  apt-get arp awk base32 base64 bash bunzip2 busybox bzcat bzip2 chattr chgrp chmod chown chroot chsh crontab csh curl dash dmesg dnf doas dpkg egrep ethtool expr fdisk fgrep fsck
  ftp gawk gcc gdb getent gpasswd grep groupadd gunzip gzip hd hexdump hostnamectl htop iconv ifconfig insmod ionice iptables journalctl kexec killall ksh ldconfig ldd lftp lowriter
  lsattr lsblk lscpu lsmod lsof lspci lua lwp-download lwp-request lynx lzcat lzma mawk mkdir mkfifo mknod mksh mktemp modprobe msgcat mysqldump nano nawk nc ncat netcat netstat nft nmap
  nohup nslookup openssl passwd perl pgrep php pidof pkexec pkill printenv printf psexec psftp psql puttygen pwd pwsh python python2 python3 readlink realpath resize2fs rlogin rmdir
  route rpm rsh rsync rundll32 scp sed sendmail setsid sftp shred shutdown socat sqlite3 ssh sshd stty sudo sysctl systemctl tac tcpdump tcsh telnet tftp traceroute truncate udevadm
  ulimit umount uname unlink unshare unxz unzip uptime useradd userdel usermod vdir vim visudo vmstat wget whoami xargs xxd xz xzcat zcat zgrep zip zsh
  bitsadmin certutil cmdkey cmstp cscript csvde diskpart fsutil gpresult hostname icacls installutil ipconfig iwmi iwr iex makecab mofcomp msbuild mshta msiexec nbtstat nltest ntdsutil odbcconf
  pathping powershell qprocess quser qwinsta reg regasm regsvcs regsvr32 robocopy rundll runas sc.exe schtasks setx systeminfo takeown taskkill tasklist tracert vssadmin wevtutil whoami wmic wscript
  xcopy bcdedit attrib netsh
  adduser agetty ansible ansible-playbook apache2ctl aptitude ascii-xfr aspell basenc bpftrace bsdtar busctl c89 c99 capsh certbot chpasswd choom clamscan cpan cpio cpulimit cscli csplit csvtool
  cupsfilter deluser distcc dmidecode dmsetup dotnet dvips easyrsa emacs exiftool facter flock fping g++ gcloud gcore genisoimage gimp git hping3 iftop irb ispell jjs jq jrunscript
  kubectl lastlog latex loginctl logrotate logsave ltrace lualatex luatex minicom mosquitto msfconsole msgattrib msgconv msgfilter msgmerge msguniq mutt nasm ncdu neofetch nroff nsenter ntpdate
  opkg pandoc pdflatex perlbug pexec pico pidstat puppet rake readelf restic rlwrap rmt rpmquery rvim sash setarch setfacl shuf smbclient sqlmap ssh-agent ssh-keygen ssh-keyscan sshpass stdbuf
  strace syslog taskset tclsh tmux torify torsocks tshark unexpand unsquashfs update-alternatives uudecode uuencode valgrind vigr vimdiff vipw virsh whiptail xdotool xelatex xetex yarn zstdcat zypper
  bcdboot regedit wbadmin winrm winrs cipher.exe forfiles pcalua ieexec hh.exe control.exe explorer.exe calc.exe notepad.exe chef chef-run perf ansible-test gpg php-cgi php-fpm composer wp-cli
`;

/** Short, or names of fields too: enough where nothing else stands in the value. */
const SHORT = `cat cmd cd cp dd df du echo env ftp id ifup ip ln ls mv nl od pic pr ps rm sh ss su tar tr uniq vi w wc who ver vol dir whois dig lp bc ed eval exec ping pip npm gem git go sleep kill set`;

/** Words of English too: they want what follows to be of a shell. */
const WORDS = `
  alias apt as at bg break builtin cal case comm command copy crash cut date declare del diff disown docker do ed enable erase exit expand export false fc fg file find finger fmt
  fold for free function getopts groups halt hash head help history host if in install java jobs join just last less local locate logger login logname look mail make man more mount
  move nice net node nohup open paste patch printer print raw read readonly reboot rename return rev ruby run sc screen script select service shift size snap sort source split
  stat start strace strings sync tail task tee test then time timeout top touch trap tree true tsort type typeset unset until uptime users wait wall watch while write yes yum zip
  call choice cls color ipconfig more path pause popd pushd query rem replace subst title tree
`;

export type Telling = 'telling' | 'short' | 'word';

function listed(words: string, telling: Telling): readonly (readonly [string, Telling])[] {
  return words.trim().split(/\s+/).map((word) => [word, telling]);
}

const COMMANDS: ReadonlyMap<string, Telling> = new Map([...listed(WORDS, 'word'), ...listed(SHORT, 'short'), ...listed(TELLING, 'telling')]);

/** How much the name of a program says; undefined of what is none. Directories and `.exe` are left out. */
export function commandOf(word: string): Telling | undefined {
  const name = word.replace(/^.*[/\\]/, '').replace(/\.exe$/i, '').toLowerCase();
  return COMMANDS.get(name) ?? COMMANDS.get(name.replace(/[\d.]+$/, ''));
}

/** Directories of programs, for what shells expand. */
export const PATH_PARTS: readonly string[] = ['bin', 'sbin', 'usr', 'local', 'etc', 'dev', 'tcp', 'proc', 'self', 'var', 'log', 'tmp', 'root', 'home', 'opt', 'passwd', 'shadow', 'hosts', 'environ', 'cmdline'];

/** Whether a name with `?`, `*` and `[…]` may be the name of a program or of a part of its path. */
export function globMatches(glob: string): boolean {
  const shape = globShape(glob);
  if (shape === undefined) return false;
  if (PATH_PARTS.some((part) => shape.test(part))) return true;
  for (const command of COMMANDS.keys()) if (shape.test(command)) return true;
  return false;
}

const LONGEST_GLOB = 24;
const MOST_STARS = 3;

function globShape(glob: string): RegExp | undefined {
  if (glob.length > LONGEST_GLOB || (glob.match(/\*/g)?.length ?? 0) > MOST_STARS) return undefined;
  const body = glob.replaceAll(/[.+^$(){}|\\]/g, '\\$&').replaceAll(/\*+/g, '[^/]*').replaceAll('?', '[^/]').replaceAll(/\[(?!\^\/\])[!^]?[^\]]{1,8}\]/g, '[^/]');
  try {
    return new RegExp(`^${body}$`);
  } catch {
    return undefined;
  }
}
