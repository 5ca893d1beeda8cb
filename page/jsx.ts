/** What elements are made by: the build puts it in front of every file that has some. */
export { Fragment, h } from "preact";
