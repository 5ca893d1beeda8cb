export const functions = 0;
