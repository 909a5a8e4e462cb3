package dev.lepton.registry.leader;

import dev.lepton.registry.settings.LeaderSettings;
import dev.lepton.registry.time.NanoClock;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The leadership of one process, which looks when a test says so, by the test's clock. */
public final class TestLeadership {

    private final Leadership leadership;

    public TestLeadership(JdbcClient jdbc, LeaderSettings settings, NanoClock clock) {
        leadership = new Leadership(new LeaderRows(jdbc), UUID.randomUUID(), settings, clock);
    }

    public void look() {
        leadership.look();
    }

    public boolean leads() {
        return leadership.guard() != null;
    }

    /** What the duties are given. */
    public Leadership itself() {
        return leadership;
    }
}
