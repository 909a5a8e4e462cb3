package dev.lepton.platform.running;

/** What is done to a platform. */
@FunctionalInterface
public interface Fault {
    void happen() throws Exception;
}
