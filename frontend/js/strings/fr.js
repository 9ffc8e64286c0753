// @ts-check
/** Français. Before ; ! ? and % stands a narrow no-break space, before : a no-break space. */

const NAMES = "Zéro Un Deux Trois Quatre Cinq Six Sept Huit Neuf".split(" ");

const plurals = new Intl.PluralRules("fr");
/** @type {Record<string, string>} */
const SECONDS = { one: "seconde", many: "secondes", other: "secondes" };

const NO_IMAGE = {
  title: "Pas une image",
  text: "Ce fichier est illisible. PNG, JPEG, WebP, GIF et BMP se lisent.",
};

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
      "Les réponses viennent d’elles-mêmes, et rien n’est gardé pour elles. " +
      "«\u202fReconnaître\u202f» et les corrections gardent l’image sur le serveur, tout comme " +
      "l’envoi d’une grande image\u202f: 30 jours en règle générale, pour améliorer la lecture. " +
      "Supprimée dans «\u202fHistorique\u202f», elle l’est aussi sur le serveur.",
  },

  answer: {
    empty: {
      title: "Un chiffre",
      text: "De 0 à 9, de votre main. La lecture suit d’elle-même.",
    },
    waiting: { title: "Lecture…", text: "" },
    blank: {
      title: "Rien ici",
      text: "Aucune trace d’encre. Écrivez un chiffre, ou choisissez une image plus contrastée.",
    },
    not_a_digit: {
      title: "Pas un chiffre",
      text:
        "Du moins, cela n’y ressemble pas. Écrivez un seul chiffre de 0 à 9, en grand, ou " +
        "recadrez l’image autour de lui.",
    },
    digit: (digit) => NAMES[digit],
    certain: "Certain",
    verySure: "Très sûr",
    fairlySure: "Assez sûr",
    notVerySure: "Pas très sûr",
    sure: (sureness, share) => `${sureness}, ${share}`,
    perhaps: (digit) => `Peut-être un ${NAMES[digit].toLowerCase()}`,
    onlySure: (share) =>
      `Sûr à ${share} seulement. Les grands chiffres aux traits nets se lisent le mieux.`,
    either: (digit, rival) => `${NAMES[digit]} ou ${NAMES[rival].toLowerCase()}\u202f?`,
    shares: (digit, share, rival, rest) => `${share} pour un ${digit}, ${rest} pour un ${rival}.`,
    differences: {
      "0 6": "Un 0 sans queue, ou un 6 à longue hampe, serait clair.",
      "1 7": "Un 1 sans drapeau, ou un 7 barré, serait clair.",
      "3 8": "Un 3 ouvert à gauche, ou un 8 à deux boucles fermées, serait clair.",
      "4 9": "Un 4 ouvert en haut, ou un 9 bien fermé, serait clair.",
      "5 6": "Un 5 à angle vif, ou un 6 à boucle fermée, serait clair.",
    },
    difference: "Des traits plus grands et plus nets le diraient.",
    stop: ". ",
    space: " ",
    scores: "Score de chaque chiffre",
    choices: "Le bon chiffre",
    correct: (digit) => `C’est un ${digit}`,
    wrong: "Faux\u202f? Touchez le bon chiffre.",
    missed: "Un chiffre quand même\u202f? Touchez-le.",
    corrected: (digit) => `Merci. C’est un ${digit}.`,
    uncorrected: "Cela n’a pas pu être gardé. Touchez encore dans un instant.",
    kept: "Gardée sous",
    seen: "Ce que le modèle a vu",
    model: "Modèle",
    server: "Serveur",
    trip: "Aller-retour",
    failure: "Échec",
    again: "Réessayer",
    failed: (detail) => {
      const said = `Le serveur répond\u00a0: «\u202f${detail}\u202f»`;
      return `${detail ? said : "Le serveur a eu un incident."} Rien n’est perdu.`;
    },
    pause: (seconds) =>
      "Le serveur demande une pause. Réessayez dans " +
      `${seconds} ${SECONDS[plurals.select(seconds)]}.`,
  },

  problems: {
    unreachable: {
      title: "Pas de réponse",
      text: "Le serveur est injoignable. Rien n’est perdu. Réessayez dans un instant.",
    },
    timeout: {
      title: "Pas de réponse",
      text: "Le serveur a trop tardé. Rien n’est perdu. Réessayez dans un instant.",
    },
    heic: {
      title: "Ne s’ouvre pas ici",
      text: "Ce navigateur n’ouvre pas les photos HEIC. Enregistrez-la en JPEG.",
    },
    "file-gone": {
      title: "Introuvable",
      text:
        "Ce fichier ne s’ouvre pas\u00a0: il a été déplacé, ou c’est un dossier. Choisissez-le " +
        "de nouveau.",
    },
    "upload-needed": {
      title: "Grande image",
      text: "Trop grande pour être lue d’emblée. Téléversez-la, ou recadrez-la.",
    },
    "upload-too-large": {
      title: "Trop lourde",
      text: "Même téléversée, une image peut peser 20 Mio. Recadrez-la, ou réduisez-la.",
    },
    "upload-refused": {
      title: "Refusée",
      text: "Le téléversement a été refusé\u00a0: son délai a pu passer. Réessayez.",
    },
    "upload-unread": {
      title: "Pas de réponse",
      text: "L’image est arrivée, mais personne ne l’a lue. Elle est effacée. Réessayez plus tard.",
    },
    "no-uploads": {
      title: "Trop lourde",
      text: "Ce serveur ne prend pas de téléversements. Recadrez l’image, ou passez sous 4 Mio.",
    },
    "unsupported-image": NO_IMAGE,
    "corrupt-image": {
      title: "Abîmée",
      text:
        "L’image est abîmée ou incomplète. Enregistrez-la de nouveau, ou choisissez-en une " +
        "autre.",
    },
    "image-too-large": {
      title: "Trop lourde",
      text: "Une image peut peser 4 Mio. Recadrez-la autour du chiffre, ou réduisez-la.",
    },
    "too-many-pixels": {
      title: "Trop grande",
      text:
        "Une image peut avoir 25 mégapixels, et 65\u202f535 de côté. Recadrez-la autour du " +
        "chiffre.",
    },
    "image-too-complex": {
      title: "Trop complexe",
      text: "Ouvrir cette image coûterait trop. Enregistrez-la en PNG ou JPEG simple.",
    },
    "too-many-scans": {
      title: "Trop complexe",
      text: "Ce JPEG a trop de couches. Enregistrez-le de nouveau, mais pas en progressif.",
    },
    "decoding-too-slow": {
      title: "Trop complexe",
      text:
        "Cette image est trop longue à ouvrir. Enregistrez-la en PNG ou JPEG simple, ou " +
        "recadrez-la.",
    },
    "unreadable-image": {
      title: "Illisible",
      text:
        "Cette image est illisible. Enregistrez-la en PNG ou JPEG simple, ou choisissez-en une " +
        "autre.",
    },
    "missing-image": {
      title: "Pas encore d’image",
      text: "Choisissez une image, déposez-en une sur la page, ou collez-la.",
    },
    "invalid-body": NO_IMAGE,
    "invalid-base64": NO_IMAGE,
    "too-many-parts": NO_IMAGE,
    "request-timeout": {
      title: "Trop lent",
      text: "L’image n’est pas arrivée à temps. Réessayez, ou envoyez-en une plus petite.",
    },
    "request-aborted": {
      title: "Interrompu",
      text: "L’image n’est pas arrivée. Rien n’est perdu. Réessayez.",
    },
    "rate-limited": {
      title: "Trop vite",
      text: "Le serveur demande une pause. Attendez un peu, puis réessayez.",
    },
  },

  network: {
    offlineNote: "Hors ligne. Ce que vous écrivez reste ici.",
    offline: {
      title: "Hors ligne",
      text: "Rien n’est perdu. La lecture suivra d’elle-même, dès le retour du réseau.",
    },
    again: {
      unreachable: "Le serveur est injoignable. Rien n’est perdu\u202f; la page redemande d’elle-même.",
      timeout: "Le serveur a trop tardé. Rien n’est perdu\u202f; la page redemande d’elle-même.",
    },
    askedAgain: "Rien n’est perdu\u202f; la page redemande d’elle-même.",
    askedIn: (seconds) => `Le serveur demande une pause. La page redemande dans ${seconds} s.`,
  },

  draw: {
    pad: "Feuille à dessiner, à la souris, au doigt, au stylet ou au clavier",
    keys: "Les flèches déplacent le stylo, plus loin avec Maj. Espace le pose et le lève.",
    hint: "écrivez ici",
    undo: "Annuler",
    redo: "Rétablir",
    clear: "Effacer",
    pens: "Trait",
    thin: "Fin",
    medium: "Moyen",
    thick: "Épais",
    recognise: "Reconnaître",
    live: "En direct",
    unasked: {
      title: "Un chiffre",
      text: "De 0 à 9, de votre main. «\u202fReconnaître\u202f» le fait lire.",
    },
    penDown: "Stylo posé",
    penUp: "Stylo levé",
    places: [
      ...["en haut à gauche", "en haut", "en haut à droite"],
      ...["à gauche", "au milieu", "à droite"],
      ...["en bas à gauche", "en bas", "en bas à droite"],
    ],
  },

  upload: {
    choose: "Choisir des images",
    photo: "Photographier",
    ways: "ou déposez-les, ou collez-les",
    preview: (name) => `Aperçu de ${name}`,
    unnamed: "Image",
    folders: "Les dossiers sont ignorés\u00a0: donnez les images mêmes.",
    tooMany: (given, most) => `Voici les ${most} premières sur ${given}. Donnez le reste ensuite.`,
    files: "Fichiers",
    list: {
      count: (read, all) => `${read} sur ${all} lus`,
      and: ", ",
      failed: (count) => `${count} en échec`,
      waiting: "En attente",
      reading: "Lecture…",
      stop: "Arrêter",
      goOn: "Continuer",
    },
    large: {
      offer: (size) =>
        `${size}. Téléversez-la pour la lire\u00a0: le serveur la garde alors, jusqu’à ce que ` +
        "vous l’effaciez.",
      upload: "Téléverser et lire",
      progress: "Téléversement",
      sending: (share) => `${share} téléversés`,
      reading: "Téléversée. Lecture…",
      cancel: "Annuler",
      kept: "Le serveur garde cette image.",
      remove: "L’y effacer",
      unremoved: "Elle n’a pas pu être effacée. Réessayez dans un instant.",
    },
  },

  examples: {
    title: "Ou essayez l’un de ceux-ci",
    name: (digit) => `Exemple ${digit}`,
  },

  history: {
    title: "Historique",
    keeps: "Tenir un historique",
    clear: "Tout supprimer",
    undo: "Annuler",
    more: (count) => `Tout afficher (${count})`,
    removed: (count) => `${count} ${count === 1 ? "supprimée" : "supprimées"}.`,
    failed: "Le serveur ne l’a pas supprimée. Elle est toujours là\u00a0: réessayez bientôt.",
    privacy: "Il n’est que dans ce navigateur.",
    marked:
      "Un point\u00a0: l’image est aussi sur le serveur\u00a0; la supprimer ici l’y supprime. Le " +
      "reste n’est que dans ce navigateur.",
    figure: (digit, isSure) => (isSure ? String(digit) : `Peut-être ${digit}`),
    none: "Pas un chiffre",
    corrected: (digit) => `en réalité ${digit}`,
    kept: "aussi sur le serveur",
    comma: ", ",
    remove: (entry) => `Supprimer\u00a0: ${entry}`,
  },
};

export default strings;
