package dev.lepton.platform.running;

import java.util.List;

/**
 * A machine with a network of its own and one cable.
 *
 * @param name of its namespace, and of the end of its cable that is plugged in here
 * @param address at which it is reached
 */
public record Machine(String name, String address) {

    void make(String bridge) {
        Machines.run("ip", "netns", "add", name);
        Machines.run(
                "ip", "link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", name);
        Machines.run("ip", "link", "set", name, "master", bridge, "up");
        inside("address", "add", address + "/24", "dev", "eth0");
        inside("link", "set", "eth0", "up");
        inside("link", "set", "lo", "up");
    }

    private void inside(String... words) {
        String[] all = new String[words.length + 3];
        all[0] = "ip";
        all[1] = "-netns";
        all[2] = name;
        System.arraycopy(words, 0, all, 3, words.length);
        Machines.run(all);
    }

    /** The words before a command that has it run there. */
    List<String> within() {
        return List.of("nsenter", "--net=/run/netns/" + name, "--");
    }

    /** Pulls its cable. */
    public void cutOff() {
        Machines.run("ip", "link", "set", name, "down");
    }

    public void reconnect() {
        Machines.run("ip", "link", "set", name, "up");
    }

    /** With its namespace goes its cable, both ends. */
    void remove() {
        Machines.run("ip", "netns", "delete", name);
    }
}
