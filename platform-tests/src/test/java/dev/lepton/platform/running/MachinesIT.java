package dev.lepton.platform.running;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MachinesIT {

    @BeforeEach
    void theyCanBeMade() {
        Machines.areRequired();
    }

    @Test
    void nothingOfThemIsLeft() {
        String name;
        try (Machines machines = new Machines()) {
            name = machines.add().name();
            assertThat(namespaces()).contains(name);
            assertThat(links()).contains(name);
        }

        assertThat(namespaces()).doesNotContain(name);
        assertThat(links()).doesNotContain(name.substring(0, name.length() - 1));
    }

    @Test
    void whatADeadMakerLeftIsRemovedAndWhatALivingOneMadeIsNot() throws Exception {
        Process dead = new ProcessBuilder("true").start();
        dead.waitFor();
        String stale = "lep%d-00".formatted(dead.pid());
        Machines.run("ip", "netns", "add", stale + "a");
        Machines.run("ip", "link", "add", stale + "x", "type", "bridge");

        try (Machines living = new Machines();
                Machines _ = new Machines()) {
            Machine machine = living.add();

            assertThat(namespaces()).doesNotContain(stale).contains(machine.name());
            assertThat(links()).doesNotContain(stale).contains(machine.name());
        }
    }

    private static String namespaces() {
        return Machines.run("ip", "netns", "list");
    }

    private static String links() {
        return Machines.run("ip", "-brief", "link");
    }
}
