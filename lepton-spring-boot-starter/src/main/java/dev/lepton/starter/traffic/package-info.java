/** What becomes of each request: taken and counted, or refused as not processed. */
@NullMarked
package dev.lepton.starter.traffic;

import org.jspecify.annotations.NullMarked;
