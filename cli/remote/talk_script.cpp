#include "model/limits.hpp"
#include "remote/from_host.hpp"

namespace cctl {
namespace {

// A line of input for each question: NUMBER SECONDS ADDRESS PORT UNTIL BASE64 ("-" for nothing); UNTIL is "tls" for
// what is said inside TLS until the far end closes. Lines of answer, each small enough to be written at once: "@
// PROGRAM" first, "N +" for a connection that was made, "N ! WHY", "N ? WHAT the program lacks", "N BASE64...", "@
// done" last. A connection that hangs is ended by a clock of its own; what came until then counts.
const char* const script = R"sh(LC_ALL=C; export LC_ALL
if command -v bash >/dev/null 2>&1; then
exec bash -c '
most=$0
echo "@ bash"
talk() {
  exec 3<>"/dev/tcp/$3/$4" || exit 7
  echo "$1 +"
  if [ "$5" = tls ]; then
    exec 3>&-
  elif [ "$6" != - ]; then
    printf %s "$6" | base64 -d >&3
  fi
  case $5 in
    tls)
      command -v openssl >/dev/null 2>&1 || { echo "$1 ? no openssl to speak TLS with" >&4; exit; }
      printf %s "$6" | base64 -d | timeout "$2" openssl s_client -quiet -connect "$3:$4" 2>/dev/null | head -c "$most" ;;
    closed) timeout "$2" head -c "$most" <&3 ;;
    measured)
      size=$(dd bs=1 count=2 <&3 2>/dev/null | od -An -tu1)
      set -- $size
      [ $# = 2 ] && timeout 10 dd bs=1 count=$(($1 * 256 + $2)) <&3 2>/dev/null ;;
  esac | base64 | awk "{print \"$number\", \$0; fflush()}"
}
export -f talk
exec 4>&1
while read -r number limit address port until data; do
  export number most
  timeout "$((${limit%.*} + 1))" bash -c "talk \"\$@\"" bash "$number" "$limit" "$address" "$port" "$until" "$data" 2>&1 >&4 </dev/null |
    while read -r line; do echo "$number ! $line"; done &
done
wait
echo "@ done"' "$most"
fi
for python in python3 python python2; do
command -v $python >/dev/null 2>&1 && exec $python -c '
import base64, os, socket, sys, threading, time
try:
    import ssl
except ImportError:
    ssl = None
def say(text):
    os.write(1, (text + "\n").encode("ascii", "replace"))
def talk(number, limit, address, port, until, data):
    end = time.time() + float(limit)
    came = b""
    try:
        s = socket.create_connection((address, int(port)), float(limit))
        say(number + " +")
        if until == "tls" and not hasattr(ssl, "_create_unverified_context"):
            say(number + " ? a python that speaks no TLS")
            return
        if until == "tls":
            s = ssl._create_unverified_context().wrap_socket(s)
        if data != "-":
            s.sendall(base64.b64decode(data))
        while until != "opened":
            if until == "measured" and len(came) >= 2:
                n = bytearray(came[:2])
                if len(came) >= 2 + n[0] * 256 + n[1]:
                    break
            left = end - time.time()
            if left <= 0:
                break
            s.settimeout(left)
            more = s.recv(65536)
            if not more:
                break
            came += more
            if len(came) >= most:
                came = came[:most]
                break
        s.close()
        if until == "measured":
            came = came[2:]
    except socket.timeout:
        pass
    except (OSError, IOError) as e:
        say(number + " ! " + (getattr(e, "strerror", None) or str(e)))
    text = base64.b64encode(came).decode("ascii")
    for i in range(0, len(text), 3000):
        say(number + " " + text[i:i + 3000])
say("@ " + os.path.basename(sys.executable or "python"))
most = int(sys.argv[1])
threads = [threading.Thread(target=talk, args=line.split()) for line in sys.stdin.read().splitlines()]
for t in threads:
    t.start()
for t in threads:
    t.join()
say("@ done")' "$most"
done
command -v perl >/dev/null 2>&1 && perl -MIO::Socket::INET -MMIME::Base64 -e 1 2>/dev/null &&
exec perl -MIO::Socket::INET -MMIME::Base64 -e '
$SIG{PIPE} = "IGNORE";
sub say_it { syswrite STDOUT, "$_[0]\n" }
say_it("@ perl");
my $most = $ARGV[0];
my @children;
while (my $line = <STDIN>) {
    chomp $line;
    my $pid = fork;
    if ($pid) { push @children, $pid; next }
    my ($number, $limit, $address, $port, $until, $data) = split / /, $line;
    my $end = time + $limit;
    my $s = IO::Socket::INET->new(PeerAddr => $address, PeerPort => $port, Proto => "tcp", Timeout => $limit);
    if (not $s) {
        say_it("$number ! $@") unless $@ =~ /timeout|timed out/i;
        exit 0;
    }
    say_it("$number +");
    if ($until eq "tls") { say_it("$number ? a perl that speaks no TLS"); exit 0 }
    syswrite $s, decode_base64($data) if $data ne "-";
    my ($came, $more) = ("", "");
    while ($until ne "opened") {
        last if $until eq "measured" and length $came >= 2 and length $came >= 2 + unpack "n", $came;
        my $left = $end - time;
        last if $left <= 0;
        my $bits = "";
        vec($bits, fileno $s, 1) = 1;
        last if select($bits, undef, undef, $left) <= 0;
        last if not sysread $s, $more, 65536;
        $came .= $more;
        last if length $came >= $most;
    }
    $came = substr $came, 2 if $until eq "measured" and length $came >= 2;
    my $text = encode_base64(substr($came, 0, $most), "");
    say_it("$number " . substr $text, 0, 3000, "") while length $text;
    exit 0;
}
waitpid $_, 0 for @children;
say_it("@ done");' "$most"
echo "@ none"
)sh";

}  // namespace

// Of each answer so many bytes come, and are read there: one more than is taken says that it was too long.
std::string talk_script() {
  return "most=" + std::to_string(limits::talk + 1) + "\n" + script;
}

}  // namespace cctl
