/**
 * The scripts and rules of the build, run on real shells with JDKs and Mavens of the test's own.
 */
@NullMarked
package dev.lepton.platform.build;

import org.jspecify.annotations.NullMarked;
