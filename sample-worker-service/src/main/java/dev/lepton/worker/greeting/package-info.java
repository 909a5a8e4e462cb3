/** Says which unit answers. */
@NullMarked
package dev.lepton.worker.greeting;

import org.jspecify.annotations.NullMarked;
