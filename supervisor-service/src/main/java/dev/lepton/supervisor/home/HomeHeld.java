package dev.lepton.supervisor.home;

/** Another supervisor runs on the same folder. */
public final class HomeHeld extends RuntimeException {

    private static final long serialVersionUID = 1L;

    HomeHeld(LeptonHome home, String pid) {
        super(
                "another supervisor%s holds %s; stop it first, or give this one another 'lepton.home'"
                        .formatted(pid.matches("\\d+") ? " (pid " + pid + ")" : "", home.folder()));
    }
}
