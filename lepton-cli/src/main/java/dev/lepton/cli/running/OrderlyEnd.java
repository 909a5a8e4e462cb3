package dev.lepton.cli.running;

import dev.lepton.cli.home.Home;
import dev.lepton.cli.outcome.CommandFailed;
import dev.lepton.cli.outcome.ExitCode;
import dev.lepton.cli.terminal.Terminal;

/**
 * Stops the platform in order when the command in the foreground is told to end: Ctrl-C, SIGTERM, a
 * closed terminal.
 */
final class OrderlyEnd {

    private final SupervisorProcess supervisor;
    private final Home home;
    private final Stopping stopping;
    private final Terminal terminal;
    private final Thread hook = Thread.ofPlatform().name("lepton-end").unstarted(this::run);

    OrderlyEnd(SupervisorProcess supervisor, Home home, Stopping stopping, Terminal terminal) {
        this.supervisor = supervisor;
        this.home = home;
        this.stopping = stopping;
        this.terminal = terminal;
    }

    void arm() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Returns unless the end is under way, which then ends this process too. */
    void letFinish() throws InterruptedException {
        if (hook.getState() != Thread.State.NEW) {
            hook.join();
        }
    }

    private void run() {
        if (!supervisor.isAlive()) {
            return;
        }
        int code = ExitCode.OK.number();
        try {
            stopping.stop(supervisor.handle(), home);
        } catch (CommandFailed e) {
            terminal.error(e.sentence());
            code = e.exitCode();
        }
        // An ordered end is a success, whatever signal asked for it.
        Runtime.getRuntime().halt(code);
    }
}
