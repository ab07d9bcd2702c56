import js from "@eslint/js";
import globals from "globals";

const PARSED = ["innerHTML", "outerHTML", "insertAdjacentHTML", "setHTMLUnsafe"];

export default [
  { ignores: ["**/leaflet.js"] },
  js.configs.recommended,
  {
    languageOptions: { globals: { ...globals.browser, L: "readonly" } },
    rules: {
      curly: ["error", "multi-line"],
      eqeqeq: ["error", "always", { null: "ignore" }],
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-var": "error",
      "prefer-const": "error",
      // Text from files is hostile: it only ever becomes text nodes.
      "no-restricted-properties": [
        "error",
        ...PARSED.map((property) => ({ property, message: "use el() of elements.js" })),
      ],
    },
  },
];
