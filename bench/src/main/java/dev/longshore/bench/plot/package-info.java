/// Bar charts as SVG and PNG.
package dev.longshore.bench.plot;
