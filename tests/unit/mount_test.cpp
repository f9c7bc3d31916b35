#include "model/mount.hpp"

#include "catch.hpp"

using namespace cctl;

TEST_CASE("a mount as Docker reads it", "[mount]") {
  struct Row {
    std::string text;
    bool good, read_only;
  };
  for (const Row& row : std::vector<Row>{{"/a:/b", true, false},
                                         {"/a:/b:ro", true, true},
                                         {"/a:/b:rw", true, false},
                                         {"/a:/b:ro,rslave", true, true},
                                         {"/a:/b:rshared,rw", true, false},
                                         {"/a:/b:private", true, false},
                                         {"/a:/b:ro,rw", false, true},
                                         {"/a:/b:slave,rslave", false, false},
                                         {"/a:/b:", false, false},
                                         {"/a:/b:ro,", false, true},
                                         {"/a:/b:ro:rslave", false, true},
                                         {"/a", false, false},
                                         {"a:/b", false, false},
                                         {"/a:b", false, false},
                                         {"/a:/", false, false},
                                         {"/a:/proc/sys", false, false},
                                         {"/proc/sys:/proc/sys", true, false},
                                         {"/a:/proc/uptime", true, false}}) {
    INFO(row.text);
    CHECK(why_no_mount(row.text).empty() == row.good);
    CHECK(mount_of(row.text).read_only() == row.read_only);
  }
  CHECK(mount_of("/a:/b:ro,slave").source == "/a");
  CHECK(mount_of("/a:/b:ro,slave").target == "/b");
}
