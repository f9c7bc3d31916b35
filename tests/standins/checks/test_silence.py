"""What happens to all of them when ZooKeeper goes away."""
from support import Case, request, until


class Silence(Case):
    """ZooKeeper goes away: the leading master and every Marathon end, the other masters stay."""

    def test_loss(self):
        for number in (1, 2, 3):
            self.master(number)
        leader = self.leader(1, 2, 3)
        self.marathon(1)
        self.marathon(2)
        until(lambda: request(self.at(2, "marathon"), "/ping")[0] == 200)
        self.zookeeper.stop()
        self.assertEqual([self.ends("f1"), self.ends("f2")], [101, 101])
        self.assertEqual(self.ends("m%d" % leader), 1)
        self.assertIn("Lost candidacy as a leader... committing suicide!", self.log("m%d" % leader))
        for number in (1, 2, 3):
            if number != leader:
                until(lambda: request(self.at(number), "/redirect")[::2] == (503, "No leader elected"))
        self.zookeeper.start()
        self.leader(*(number for number in (1, 2, 3) if number != leader))
