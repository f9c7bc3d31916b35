// What a var may be: a table of kinds and texts.
#include "model/var_kind.hpp"
#include "catch.hpp"

using namespace cctl;

TEST_CASE("texts and their kinds") {
  struct Row {
    std::string kind, good, bad;  // words apart by a space
  };
  const auto words = [](const std::string& text) {
    std::vector<std::string> out(1);
    for (const char c : text) {
      if (c == ' ')
        out.emplace_back();
      else
        out.back() += c;
    }
    return out;
  };
  for (const Row& row : std::vector<Row>{
           {"boolean", "true false", "yes 1 TRUE "},
           {"number", "0 1 0.5 128", "-1 1e3 .5 abc 010 "},
           {"duration", "500ms 60s 2m 1h", "60 1.5s s 5days "},
           {"1-255", "1 51 255", "0 256 1.5 0x1 +1 010 1e2 -1 99999999999999999999 "},
           {"word", "a a-b/c:1", "a'b \"a\" a\\ "},
           {"name", "dc1 DC_1 a-b", "dc.1 dc! "},
           {"path", "/a /var/lib/x /a/.b /a/", "a / /a/../b /a:b /a//b ./a /.. "},
           {"data directory", "/data /var/lib/x /srv/x /tmp/mesos",
            "/ /var /var/lib /var/lib/ /etc/x /proc/1 a /var/lib/docker/x "},
           {"domain", "mesos mesos.example a_b", "-a a. .a a..b "},
           {"interface", "eth0 bond0.5 br-lan", "a/b sixteencharacters "},
           {"address", "10.0.0.2 127.0.0.1", "10.0.0 0.0.0.0 224.0.0.1 10.0.0.2/24 a "},
           {"ip", "10.0.0.2 fd00::1 ::1", "10.0.0 10.0.0.2/24 fe80::1/64 a "},
           {"network", "10.0.0.1/24 0.0.0.0/0", "10.0.0.1 10.0.0.1/33 10.0.0.1/-1 a/24 "},
           {"network of any version", "10.0.0.1/24 fd00::/64 ::/0", "10.0.0.1 fd00:: fd00::/129 a/24 "},
           {"search domain", "a a.b a.b. . x-1.y", "a_b 123 1.2 -a a..b "},
           {"registry", "r r:5000 10.0.0.0/8 http://r:5000 10.0.0.1 ::1 [::1]:5000 fd00::/64",
            "r:5000:6 r:x r:99999 r/path -r a_b ftp://r 10.0.0.0/99 [::1 [::1]5000 : "},
           {"mirror", "http://m https://m:5000/ http://m/v1/ http://[::1]:5000",
            "m ftp://m http://m?x http://m#x http://u@m http://m:x http:// "},
           {"engine address", "unix:///a tcp://127.0.0.1:2376 fd:// 127.0.0.1:2376 :2375", "x://y a tcp:// "},
           {"whole", "0 1 -1 64000", "1.5 010 -0 a 1e3 "},
           {"size", "64M 1g 512 1.5GiB 64MB", "M 64X -1 64M,b "},
           {"pair", "a=b a= a=b=c", "a =b "},
           {"label", "a=b a= a=b=c", "a =b "},
           {"url", "http://a https://a:5000/b", "a a:5000 ftp://a http:// "},
           {"words", "a a,b *", "a,,b a; "},
           {"words with srvr", "srvr srvr,ruok ruok,srvr *", "ruok srv srvrr "},
           {"words with srvr, known ruok, stat", "srvr srvr,ruk ruok,srvr *", "ruok stat "},
           {"one of a, bc, d*", "a bc d dx", "b ab A "},
           {"semicolon words", "any; 10.0.0.0/8; !10.0.0.1;", "any 10.0.0.300; }; 10.0.0.0/33; "},
           {"semicolon addresses", "10.0.0.2; fd00::1;", "10.0.0.2 a; 10.0.0; "},
           {"quoted addresses", "\"10.0.0.2\" \"10.0.0.2:54\"", "10.0.0.2 \"a\" \"10.0.0.2\", "},
           {"secret", "aB1!-_=", "a\"b a\\b "},
           {"secret of 3 or 6 bytes", "YWJj YWJjZGVm", "YWI= YWJ abc! "},
           {"ranges", "[1-2] [1-2,3-4]", "1-2 [2-1] [1] [] [1-2 "},
           {"resource", "1 0.5 [1-2] {a,b}", "lots 4GB {a [1] "},
           {"attribute", "r1 1.5 http://x/1 [1-2] team@x 'r'", "r[1 a;b (a) {a,b} [a] "},
           {"at least 1", "1 99999", "0 -1 1.5 a "},
           {"at most 65535", "65535 0 -1", "65536 1.5 a "},
           {"-5-5", "-5 0 5", "-6 6 "},
           {"0-9, at most a.b or 20 * c", "0 9", "10 a "},
           {"words of a, bc", "a bc a,bc", "A a,d a, ,a "},
           {"words of a, bc, unless c or d", "a,bc", "c d "},
           {"words in any case of Aa, b", "AA aa,B", "c aa, "},
           {"switch, needs a or b", "true 0", "yes a "},
           {"advised one of a, b", "a b", "c "},
           {"own name", "h1 10.0.0.2 h.example h_1 fd00::1", "h/1 a,b "},
           {"json object", R"({} {"a":1} /etc/a file:///etc/a)", "{not [] 1 a "},
           {"user and password", "a:b a: :b a:b:c", "a "},
           {"mesos weights", "a=1 a=0.5,b=2", "a a=x a=1, =1 a=-1 "},
           {"mesos rate", "1/10mins 100/1secs", "fast 1 1/10 1/10m /1mins x/1mins "},
           {"percentage", "0 50 50% 99.5% 100%", "150% -1% lots % "},
           {"mesos alternatives", "cpus:0.01 cpus:0.01|mem:32 cpus:1;mem:2|disk:1", "cpus cpus:lots cpus:1| |cpus:1 "},
           {"mesos duration from 10mins", "10mins 600secs 0.5hrs 1weeks", "9mins 599secs 10m lots "},
           {"mesos duration from 1secs to 15mins", "1secs 1000ms 15mins", "1ms 16mins 1days "},
           {"any case of on, off", "on ON Off", "o of offf "},
           {"timer", "0s 500ms 2147483647ms 596h 35791m", "2147483648ms 597h 35792m 9999999999h 60 1.5s 5d "},
           {"go duration", "0 5s 1h30m1.5s -1s +5s .5s 5.s 10ms 5\xc2\xb5s", "5 1d s 1w 5mins . 5s5 "},
           {"mesos duration", "5mins 1.5hrs 10secs 0ns 1weeks 100ms", "5 5min 5m 1h mins 5Mins "},
           {"mesos size", "64MB 0B 1.5GB", "64 64M 64mb 1GiB MB "},
           {"switch", "true false 1 0", "yes True 2 "},
           {"no value", "", "true false x"},
           {"uuid", "adf4238a-882b-9ddc-4a9d-5b6758e4159e", "x adf4238a882b9ddc4a9d5b6758e4159e "},
           {"agent address", "10.0.0.2 ::1 {{GetPrivateIP}}", "10.0.0.2:80 host "},
           {"agent addresses", "10.0.0.2 unix:///run/x {{GetPrivateIP}}", "10.0.0.2:80 host"},
           {"host and port", "a:1 10.0.0.2:8125 unix:///x", "a a: a:x a:99999 "},
           {"virtual address", "10.0.0.20/24 192.168.2.90/16 10.0.0.0/32 10.0.0.1/31",
            "10.0.0.20 10.0.0.20/99 10.0.0.20/7 10.0.0.300/24 10.0.0.0/24 10.0.0.255/24 "
            "fe80::1/64 10.0.0.20/ 127.0.0.1/8 224.0.0.1/24 "}}) {
    CHECK(is_var_kind(row.kind).empty());
    for (const auto& text : words(row.good)) {
      INFO(row.kind << ": " << text);
      CHECK(why_not_of_kind(row.kind, text).empty());
    }
    for (const auto& text : words(row.bad)) {
      INFO(row.kind << ": " << text);
      CHECK_FALSE(why_not_of_kind(row.kind, text).empty());
    }
  }
  for (const char* good :
       {"map", "texts", "map without a, b.c", "map of a, b", "secret map of a", "texts without a*", "refused: why"})
    CHECK(is_var_kind(good).empty());
  for (const char* odd : {"", "text", "255-1", "-", "1-", "a-b", "one of", "words with", "secret of bytes", "map off"})
    CHECK_FALSE(is_var_kind(odd).empty());
  for (const char* good : {"own address with port", "properties", "properties without a, b*"})
    CHECK(is_var_kind(good).empty());
  for (const char* odd :
       {"at least", "at most x", "any case of", "own address with", "0-9, at most a", "whole, at most a or 2 * b"})
    CHECK_FALSE(is_var_kind(odd).empty());
  CHECK(is_whole_kind("0-9, at most a or 2 * b"));
  CHECK(is_own_address("own address with port"));
  CHECK_FALSE(is_own_address("address"));
  CHECK(is_map_kind("properties without a"));
  CHECK(is_map_kind("map of a"));
  CHECK_FALSE(is_map_kind("words"));
  CHECK(is_secret_kind("secret of 16 bytes"));
  CHECK(why_refused("refused: too old") == "too old");
  CHECK(words_of_kind("secret of 16, 24 or 32 bytes") == std::vector<std::string>{"16", "24", "32"});
  CHECK(fits_any("server.1", {"a", "server.*"}));
  CHECK_FALSE(fits_any("servers", {"a", "server.*"}));
}

TEST_CASE("words that not every version has") {
  struct Row {
    const char *kind, *version, *in;
  };
  for (const Row& row : {
           Row{"words of a, b>=1.2, c<1, unless d or e", "1.2.0", "words of a, b, unless d or e"},
           Row{"words of a, b>=1.2, c<1, unless d or e", "0.9", "words of a, c, unless d or e"},
           Row{"words of a, b>=1.2, c<1, unless d or e", "", "words of a, b, c, unless d or e"},
           Row{"one of a, b>=1.2", "1.1", "one of a"},
           Row{"advised words in any case of a>=2, b", "2.0-1.ubuntu", "advised words in any case of a, b"},
           Row{"any case of b<=1.1, a", "1.1.1", "any case of a"},
           Row{"refused: it needs a >=1.2", "1", "refused: it needs a >=1.2"},
           Row{"0-3", "1", "0-3"},
           Row{"words with a, known a, b>=1.2, c", "1", "words with a, known a, c"},
       })
    CHECK(kind_in(row.kind, Version::parse(row.version)) == row.in);
}

TEST_CASE("a word that is not known is odd") {
  const std::string kind = "words with srvr, known ruok, srvr, stat";
  for (const char* text : {"srvr", "srvr, ruok", "*", "srvr,*"}) CHECK(why_odd(kind, text) == "");
  CHECK(why_odd(kind, "srvr,ruk") == "\"ruk\" is no word that is known, did you mean \"ruok\"?");
  CHECK(why_odd(kind, "quit,srvr") == "\"quit\" is no word that is known");
  CHECK(why_odd("words with srvr", "srvr,ruk") == "");
}

TEST_CASE("what a kind wants beside it, and how it is told") {
  CHECK(needs_of_kind("switch, needs a or b") == std::vector<std::string>{"a", "b"});
  CHECK(needs_of_kind("switch").empty());
  CHECK(unless_of_kind("words of a, b, unless c or d") == std::vector<std::string>{"c", "d"});
  CHECK(is_advice("advised one of a, b"));
  CHECK_FALSE(is_advice("one of a, b"));
  CHECK(why_passed_over("passed over: nobody reads it") == "nobody reads it");
  for (const char* kind : {"switch, needs a", "advised words of a, unless b", "passed over: why", "own name"})
    CHECK(is_var_kind(kind) == "");
  for (const char* kind : {"words of ", "advised nothing", "swich, needs a"}) CHECK(is_var_kind(kind) != "");
}
