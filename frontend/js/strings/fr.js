// @ts-check
/** Français. Before ; ! ? and % stands a narrow no-break space, before : a no-break space. */

/** @type {import("../language.js").Strings} */
const strings = {
  page: {
    title: "Inkling\u00a0: écrivez un chiffre",
    heading: "Écrivez un chiffre.",
    site: "Site",
    language: "Langue",
    modes: "Comment donner le chiffre",
    draw: "Dessin",
    upload: "Fichier",
    hand: "Votre chiffre",
    reading: "La lecture",
    keeping:
      "Les réponses viennent d’elles-mêmes, et rien n’est gardé pour elles. «\u202fReconnaître\u202f» " +
      "garde l’image, pour améliorer la lecture\u202f; la réponse dit alors «\u202fGardée sous\u202f», et",
    removing: "l’efface.",
  },

  draw: {
    pad: "Feuille à dessiner, à la souris, au doigt ou au stylet",
    hint: "écrivez ici",
    clear: "Effacer",
    recognise: "Reconnaître",
  },

  upload: {
    choose: "Choisir une image",
    ways: "ou déposez-en une, ou collez-la",
  },

  examples: {
    title: "Ou essayez l’un de ceux-ci",
    name: (digit) => `Exemple ${digit}`,
  },
};

export default strings;
