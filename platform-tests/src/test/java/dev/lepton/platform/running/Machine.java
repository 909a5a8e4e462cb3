package dev.lepton.platform.running;

import java.util.ArrayList;
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

    /** What a node there declares, with the address at which it is reached. */
    String declares(String declaration) {
        return "address: %s\n%s".formatted(address, declaration);
    }

    /** From now on nothing passes between a port of it and its network, and nobody is told. */
    public void blackhole(int port) {
        shell(
                """
                iptables -w -A INPUT -i eth0 -p tcp --dport %1$d -j DROP
                iptables -w -A OUTPUT -o eth0 -p tcp --sport %1$d -j DROP
                """,
                port);
    }

    /**
     * Drops what belongs to the connections that a port has now, without telling either end; new
     * ones are let through.
     *
     * @return how many there were
     */
    public int forgetConnections(int port) {
        return Integer.parseInt(
                shell(
                                """
                                for peer in $(ss -Htn state established sport = :%1$d | awk '{ sub(/.*:/, "", $4); print $4 }'); do
                                    iptables -w -A INPUT -i eth0 -p tcp --dport %1$d --sport $peer -j DROP
                                    iptables -w -A OUTPUT -o eth0 -p tcp --sport %1$d --dport $peer -j DROP
                                    echo $peer
                                done | wc -l
                                """,
                                port)
                        .strip());
    }

    /** Lets everything through again, and returns how many packets were dropped. */
    public long letThrough() {
        return Long.parseLong(
                shell(
                                """
                                iptables -w -nvxL | awk '$3 == "DROP" { dropped += $1 } END { print dropped + 0 }'
                                iptables -w -F
                                """)
                        .strip());
    }

    /**
     * Resets the connections that a port has now.
     *
     * @return how many there were
     */
    public int resetConnections(int port) {
        // It complains when it is done, whatever it has done.
        return Integer.parseInt(
                shell("ss -HtnK state established sport = :%d 2> /dev/null | wc -l", port).strip());
    }

    private String shell(String script, Object... values) {
        List<String> words = new ArrayList<>(within());
        words.addAll(List.of("sh", "-ec", script.formatted(values)));
        return Machines.run(words.toArray(String[]::new));
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
